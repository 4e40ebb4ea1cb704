"""invoices whose tax the buyer pays

Revision ID: 0032_reverse_charge
Revises: 0031_entitlements
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032_reverse_charge"
down_revision: str | None = "0031_entitlements"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("invoices") as table:
        table.add_column(
            sa.Column("reverse_charge", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("invoices") as table:
        table.alter_column("reverse_charge", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("invoices") as table:
        table.drop_column("reverse_charge")
