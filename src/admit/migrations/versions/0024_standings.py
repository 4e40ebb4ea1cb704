"""what became of each payment, and what an invoice was reduced by

Revision ID: 0024_standings
Revises: 0023_history_of_linked
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0024_standings"
down_revision: str | None = "0023_history_of_linked"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _add("invoices", discount=(WHOLE, "0"))
    _add("payments", refunded=(WHOLE, "0"), standing=(sa.String(), "'pending'"))
    op.execute(
        "UPDATE payments SET standing = CASE status WHEN 'succeeded' THEN 'paid' ELSE status END"
    )


def downgrade() -> None:
    with op.batch_alter_table("payments") as table:
        table.drop_column("standing")
        table.drop_column("refunded")
    with op.batch_alter_table("invoices") as table:
        table.drop_column("discount")


def _add(table_name: str, **known_later: tuple[Any, str]) -> None:
    """Of older rows it comes with the next look at each."""
    with op.batch_alter_table(table_name) as table:
        for name, (kind, until_then) in known_later.items():
            default = sa.text(until_then)
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table(table_name) as table:
        for name in known_later:
            table.alter_column(name, server_default=None)
