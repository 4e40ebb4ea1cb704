"""payments that are put right

Revision ID: 0029_recoveries
Revises: 0028_catalogue_at_stripe
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0029_recoveries"
down_revision: str | None = "0028_catalogue_at_stripe"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "recoveries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        sa.Column("stripe_session_id", sa.String(), nullable=True),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["billing_account_id"],
            ["billing_accounts.id"],
            name=op.f("fk_recoveries_billing_account_id_billing_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoveries")),
        sa.UniqueConstraint("stripe_session_id", name=op.f("uq_recoveries_stripe_session_id")),
    )
    op.create_index(op.f("ix_recoveries_billing_account_id"), "recoveries", ["billing_account_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_recoveries_billing_account_id"), table_name="recoveries")
    op.drop_table("recoveries")
