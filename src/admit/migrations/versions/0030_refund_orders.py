"""money that staff gives back

Revision ID: 0030_refund_orders
Revises: 0029_recoveries
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0030_refund_orders"
down_revision: str | None = "0029_recoveries"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "refund_orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        sa.Column("invoice_id", sa.String(), nullable=False),
        sa.Column("charge_id", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("refund_id", sa.String(), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["billing_account_id"],
            ["billing_accounts.id"],
            name=op.f("fk_refund_orders_billing_account_id_billing_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["ordered_by"], ["users.id"], name=op.f("fk_refund_orders_ordered_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_orders")),
    )
    for column in ("billing_account_id", "charge_id", "asked"):
        op.create_index(op.f(f"ix_refund_orders_{column}"), "refund_orders", [column])


def downgrade() -> None:
    op.drop_table("refund_orders")
