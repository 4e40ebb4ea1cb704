"""payments, refunds and disputes, and what became of an invoice's money

Revision ID: 0020_money_records
Revises: 0019_terms_of_plans
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0020_money_records"
down_revision: str | None = "0019_terms_of_plans"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOTHING = sa.text("0")


def upgrade() -> None:
    _create_links()
    _create_mirror(
        "payments",
        sa.Column("payment_intent_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("brand", sa.String(), nullable=True),
        sa.Column("last4", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("receipt_url", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        found_by=("payment_intent_id",),
    )
    _create_mirror(
        "refunds",
        sa.Column("charge_id", sa.String(), nullable=True),
        sa.Column("payment_intent_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        found_by=("charge_id", "payment_intent_id"),
    )
    _create_mirror(
        "disputes",
        sa.Column("charge_id", sa.String(), nullable=False),
        sa.Column("payment_intent_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("respond_by", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("lost_at", MOMENT, nullable=True),
        found_by=("charge_id", "payment_intent_id"),
    )
    _widen_invoices()


def downgrade() -> None:
    with op.batch_alter_table("invoices") as table:
        for name in (
            *("subtotal", "tax", "pdf_url", "lines", "covers"),
            *("refunded", "taken_back_at", "standing"),
        ):
            table.drop_column(name)
    for name in ("disputes", "refunds", "payments", "invoice_payments"):
        op.drop_table(name)


def _create_links() -> None:
    op.create_table(
        "invoice_payments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        sa.Column("invoice_id", sa.String(), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=False),
        _whose("invoice_payments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_payments")),
    )
    _index("invoice_payments", "billing_account_id", "invoice_id", "payment_id")


def _create_mirror(name: str, *columns: sa.Column[object], found_by: Sequence[str]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stripe_account_id", WHOLE, nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        *columns,
        sa.Column("look", WHOLE, nullable=False),
        sa.Column("look_source", sa.String(), nullable=False),
        sa.Column("look_second", WHOLE, nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        _whose(name),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f(f"fk_{name}_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    _index(name, "billing_account_id", *found_by)


def _whose(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["billing_account_id"],
        ["billing_accounts.id"],
        name=op.f(f"fk_{table}_billing_account_id_billing_accounts"),
    )


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _widen_invoices() -> None:
    """What is not known of older rows comes with the next look at each."""
    known_later: dict[str, tuple[Any, str]] = {
        "subtotal": (WHOLE, "0"),
        "tax": (WHOLE, "0"),
        "lines": (sa.JSON(), "'[]'"),
        "covers": (sa.JSON(), "'{}'"),
        "refunded": (WHOLE, "0"),
        "standing": (sa.String(), "'draft'"),
    }
    with op.batch_alter_table("invoices") as table:
        table.add_column(sa.Column("pdf_url", sa.String(), nullable=True))
        table.add_column(sa.Column("taken_back_at", MOMENT, nullable=True))
        for name, (kind, until_then) in known_later.items():
            default = sa.text(until_then)
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("invoices") as table:
        for name in known_later:
            table.alter_column(name, server_default=None)
    op.execute(
        "UPDATE invoices SET subtotal = total, standing = CASE"
        " WHEN status = 'open' AND attempt_count > 0 THEN 'failed'"
        " WHEN status = 'open' THEN 'pending' ELSE status END"
    )
