"""the endpoint that Stripe sends events to, and how deliveries end

Revision ID: 0015_stripe_endpoint
Revises: 0014_limits_and_levels
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0015_stripe_endpoint"
down_revision: str | None = "0014_limits_and_levels"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stripe_account_id", NUMBER, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("api_version", sa.String(), nullable=False),
        sa.Column("stripe_endpoint_id", sa.String(), nullable=True),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_webhook_endpoints_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint(
            "stripe_endpoint_id", name=op.f("uq_webhook_endpoints_stripe_endpoint_id")
        ),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("outcome", name=op.f("pk_webhook_deliveries")),
    )


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
