"""whole subscriptions, their schedules, and what is paid with

Revision ID: 0016_whole_subscriptions
Revises: 0015_stripe_endpoint
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0016_whole_subscriptions"
down_revision: str | None = "0015_stripe_endpoint"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = (
    "cancellation_reason",
    "cancellation_feedback",
    "cancellation_comment",
    "default_payment_method_id",
    "schedule_id",
    "pause_behavior",
    "pending_price_id",
)
MOMENTS = ("trial_start", "pause_resumes_at", "pending_until")


def upgrade() -> None:
    with op.batch_alter_table("subscriptions") as table:
        for name in TEXTS:
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in MOMENTS:
            table.add_column(sa.Column(name, MOMENT, nullable=True))
        table.add_column(sa.Column("pending_quantity", NUMBER, nullable=True))
        table.add_column(
            sa.Column("has_discounts", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("has_discounts", server_default=None)
    with op.batch_alter_table("billing_accounts") as table:
        table.add_column(sa.Column("default_payment_method_id", sa.String(), nullable=True))
        table.add_column(sa.Column("look", NUMBER, nullable=True))
        table.add_column(sa.Column("look_source", sa.String(), nullable=True))
        table.add_column(sa.Column("look_second", NUMBER, nullable=True))
    add_parts_of_subscriptions()
    add_mirror(
        "subscription_schedules",
        sa.Column("subscription_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("changes_at", MOMENT, nullable=True),
        sa.Column("next_price_id", sa.String(), nullable=True),
        sa.Column("next_quantity", NUMBER, nullable=True),
    )
    add_mirror(
        "payment_methods",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("last4", sa.String(), nullable=True),
        sa.Column("exp_month", NUMBER, nullable=True),
        sa.Column("exp_year", NUMBER, nullable=True),
    )
    # The sweep compares every customer anew, and fills in what was not mirrored before.
    op.execute("UPDATE billing_accounts SET looked_at = NULL")


def add_parts_of_subscriptions() -> None:
    op.create_table(
        "subscription_items",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("stripe_price_id", sa.String(), nullable=False),
        sa.Column("quantity", NUMBER, nullable=False),
        sa.Column("current_period_start", MOMENT, nullable=False),
        sa.Column("current_period_end", MOMENT, nullable=False),
        of_a("subscription_items", "subscription"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_items")),
    )
    for column in ("subscription_id", "stripe_price_id"):
        op.create_index(op.f(f"ix_subscription_items_{column}"), "subscription_items", [column])
    op.create_table(
        "subscription_discounts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("stripe_coupon_id", sa.String(), nullable=False),
        sa.Column("stripe_promotion_code_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("percent_off", sa.Double(), nullable=True),
        sa.Column("amount_off", NUMBER, nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        of_a("subscription_discounts", "subscription"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_discounts")),
    )
    op.create_index(
        op.f("ix_subscription_discounts_subscription_id"),
        "subscription_discounts",
        ["subscription_id"],
    )


def add_mirror(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stripe_account_id", NUMBER, nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        *columns,
        sa.Column("look", NUMBER, nullable=False),
        sa.Column("look_source", sa.String(), nullable=False),
        sa.Column("look_second", NUMBER, nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        of_a(name, "billing_account"),
        of_a(name, "stripe_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_billing_account_id"), name, ["billing_account_id"])


def of_a(table: str, what: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{what}_id_{what}s")
    return sa.ForeignKeyConstraint([f"{what}_id"], [f"{what}s.id"], name=name)


def downgrade() -> None:
    for mirror in ("payment_methods", "subscription_schedules"):
        op.drop_table(mirror)
    for part in ("subscription_discounts", "subscription_items"):
        op.drop_table(part)
    with op.batch_alter_table("billing_accounts") as table:
        for name in ("look_second", "look_source", "look", "default_payment_method_id"):
            table.drop_column(name)
    with op.batch_alter_table("subscriptions") as table:
        for name in ("has_discounts", "pending_quantity", *MOMENTS, *TEXTS):
            table.drop_column(name)
