"""Rows of an entry that were raised without the others: which rows carry which labels."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table; of what there is every entry carries one label set."""
    op.create_table(
        "parts",
        sa.Column("number", sa.Integer, sa.ForeignKey("entries.number"), primary_key=True),
        sa.Column("label_set", sa.Integer, sa.ForeignKey("label_sets.number"), primary_key=True),
        sa.Column("rows", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("valid_min_us", sa.BigInteger, nullable=False),
        sa.Column("valid_max_us", sa.BigInteger, nullable=False),
    )
