"""Users, sessions and one-time tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "users",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text),
        sa.Column("nation", sa.Text, nullable=False),
        sa.Column("clearance", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
    for name in ("sessions", "one_time_tokens"):
        op.create_table(
            name,
            sa.Column("token_hash", sa.LargeBinary, primary_key=True),
            sa.Column(
                "user_id",
                sa.Text,
                sa.ForeignKey("users.user_id", ondelete="CASCADE"),
                nullable=False,
                index=True,
            ),
            sa.Column("expires_us", sa.BigInteger, nullable=False),
        )
