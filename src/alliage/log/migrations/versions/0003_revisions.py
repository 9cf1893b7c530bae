"""What was decided of an entry since it was written: a higher label, a body that is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; nothing was decided of what there is."""
    op.add_column("entries", sa.Column("signed_set", sa.Integer, nullable=True))
    op.add_column("entries", sa.Column("gone", sa.Text, nullable=True))
    is_gone = sa.text("gone IS NOT NULL")
    op.create_index("entries_gone", "entries", ["number"], sqlite_where=is_gone)
