"""Entries, label sets and keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "label_sets",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("labels", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "keys",
        sa.Column("key_id", sa.Text, primary_key=True),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("entry_id", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("label_set", sa.Integer, sa.ForeignKey("label_sets.number"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("valid_min_us", sa.BigInteger, nullable=False),
        sa.Column("valid_max_us", sa.BigInteger, nullable=False),
        sa.Column("body_hash", sa.LargeBinary, nullable=False),
        sa.Column("known_us", sa.BigInteger, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, sa.ForeignKey("keys.key_id"), nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("segment", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("length", sa.Integer, nullable=False),
    )
    op.create_index("entries_label_set", "entries", ["label_set", "number"])
    op.create_index("entries_stream", "entries", ["stream", "number"])
    op.create_index("entries_valid", "entries", ["valid_max_us", "valid_min_us"])
