"""one trial a person, and how many of a plan

Revision ID: 0027_trials_and_quantities
Revises: 0026_sync_runs
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0027_trials_and_quantities"
down_revision: str | None = "0026_sync_runs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "trial_uses",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_trial_uses_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_trial_uses")),
    )
    # Of whoever is or was on trial already the first one counts.
    op.execute(
        "INSERT INTO trial_uses (user_id, subscription_id, started_at)"
        " SELECT billing_accounts.user_id, min(subscriptions.id), min(subscriptions.created_at)"
        " FROM subscriptions JOIN billing_accounts"
        " ON billing_accounts.id = subscriptions.billing_account_id"
        " WHERE subscriptions.trial_end IS NOT NULL GROUP BY billing_accounts.user_id"
    )
    with op.batch_alter_table("checkouts") as table:
        table.add_column(sa.Column("quantity", NUMBER, nullable=False, server_default="1"))
        table.add_column(sa.Column("trial_days", NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("checkouts") as table:
        table.alter_column("quantity", server_default=None)
        table.alter_column("trial_days", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("checkouts") as table:
        table.drop_column("trial_days")
        table.drop_column("quantity")
    op.drop_table("trial_uses")
