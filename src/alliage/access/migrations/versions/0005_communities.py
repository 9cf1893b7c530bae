"""Communities and purpose: attributes of a reader that a policy may look at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add both columns; who had an account before holds no community and names no purpose."""
    for name, nothing in (("communities", "[]"), ("purpose", "")):
        op.add_column("users", sa.Column(name, sa.Text, nullable=False, server_default=nothing))
