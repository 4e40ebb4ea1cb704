"""checkout sessions of an account

Revision ID: 0006_sessions_of_account
Revises: 0005_billing
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0006_sessions_of_account"
down_revision: str | None = "0005_billing"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("checkout_sessions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checkout_sessions_billing_account_id"), ["billing_account_id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("checkout_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkout_sessions_billing_account_id"))
