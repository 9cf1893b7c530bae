"""The number of the entry by which a newer version of an entry's rows took its place."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; there are no newer versions of what there is."""
    op.add_column("entries", sa.Column("superseded", sa.Integer, nullable=True))
