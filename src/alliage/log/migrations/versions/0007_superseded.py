"""What newer versions have taken the place of, found by when they did."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the index; it holds only entries that were superseded."""
    is_superseded = sa.text("superseded IS NOT NULL")
    op.create_index("entries_superseded", "entries", ["superseded"], sqlite_where=is_superseded)
