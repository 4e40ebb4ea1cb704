"""what people ask of a subscription, one wish at a time

Revision ID: 0022_wishes
Revises: 0021_change_of_account
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0022_wishes"
down_revision: str | None = "0021_change_of_account"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAMES = ("outcome", "feedback")
TEXTS = ("told", "comment")
OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    # What was never finished was asked for long ago.
    op.execute("UPDATE subscription_changes SET done_at = created_at WHERE done_at IS NULL")
    with op.batch_alter_table("subscription_changes") as table:
        for name in NAMES:
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in TEXTS:
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
        table.add_column(sa.Column("resumes_at", UtcDateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("begins_anew", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_index(
            "uq_subscription_changes_open",
            ["subscription_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    with op.batch_alter_table("subscription_changes") as table:
        table.alter_column("begins_anew", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("subscription_changes") as table:
        table.drop_index("uq_subscription_changes_open", sqlite_where=OPEN, postgresql_where=OPEN)
        for name in ("begins_anew", "resumes_at", *TEXTS, *NAMES):
            table.drop_column(name)
