"""what is active for each customer at Stripe

Revision ID: 0031_entitlements
Revises: 0030_refund_orders
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031_entitlements"
down_revision: str | None = "0030_refund_orders"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "entitlements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stripe_account_id", NUMBER, nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        sa.Column("lookup_keys", sa.JSON(), nullable=False),
        sa.Column("price_ids", sa.JSON(), nullable=False),
        sa.Column("look", NUMBER, nullable=False),
        sa.Column("look_source", sa.String(), nullable=False),
        sa.Column("look_second", NUMBER, nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_entitlements_stripe_account_id_stripe_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["billing_account_id"],
            ["billing_accounts.id"],
            name=op.f("fk_entitlements_billing_account_id_billing_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlements")),
    )
    op.create_index(
        op.f("ix_entitlements_billing_account_id"), "entitlements", ["billing_account_id"]
    )


def downgrade() -> None:
    op.drop_table("entitlements")
