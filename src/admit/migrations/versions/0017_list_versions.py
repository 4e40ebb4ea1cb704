"""how often each list that programs read has changed

Revision ID: 0017_list_versions
Revises: 0016_whole_subscriptions
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017_list_versions"
down_revision: str | None = "0016_whole_subscriptions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "list_versions",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "scope", name=op.f("pk_list_versions")),
    )


def downgrade() -> None:
    op.drop_table("list_versions")
