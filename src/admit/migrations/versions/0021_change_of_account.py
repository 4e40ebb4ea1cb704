"""which Stripe account is in use, after a change from one to another

Revision ID: 0021_change_of_account
Revises: 0020_money_records
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0021_change_of_account"
down_revision: str | None = "0020_money_records"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("stripe_accounts") as table:
        table.add_column(sa.Column("connection", NUMBER, nullable=True))
        table.add_column(sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True))
    op.execute("UPDATE stripe_accounts SET connection = id")


def downgrade() -> None:
    with op.batch_alter_table("stripe_accounts") as table:
        table.drop_column("retired_at")
        table.drop_column("connection")
