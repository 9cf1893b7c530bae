"""From when on what was dropped was about, found by the decision that dropped it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index; it holds only entries whose bodies are gone."""
    columns = ["gone", "label_set", "kind", "valid_min_us"]
    is_gone = sa.text("gone IS NOT NULL")
    op.create_index("entries_dropped", "entries", columns, sqlite_where=is_gone)
