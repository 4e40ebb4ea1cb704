"""what a plan promises: limits, quantity, grace, taxes, and its versions

Revision ID: 0019_terms_of_plans
Revises: 0018_drift
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.clock import Clock
from admit.core.db import UtcDateTime

revision: str = "0019_terms_of_plans"
down_revision: str | None = "0018_drift"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("plans") as plans:
        plans.add_column(sa.Column("grace_days", WHOLE, nullable=True))
        plans.add_column(counted("max_quantity"))
        plans.add_column(sa.Column("tax_code", sa.String(), nullable=True))
        plans.add_column(counted("version"))
        plans.add_column(sa.Column("created_at", MOMENT, nullable=True))
        plans.add_column(sa.Column("updated_at", MOMENT, nullable=True))
    known_since_now()
    with op.batch_alter_table("plans") as plans:
        for name in ("created_at", "updated_at"):
            plans.alter_column(name, existing_type=MOMENT, nullable=False)
        for name in ("max_quantity", "version"):
            plans.alter_column(name, existing_type=WHOLE, server_default=None)
    with op.batch_alter_table("plan_features") as features:
        features.add_column(sa.Column("feature_limit", WHOLE, nullable=True))
    with op.batch_alter_table("prices") as prices:
        prices.add_column(counted("interval_count"))
        prices.add_column(sa.Column("tax_behavior", sa.String(), nullable=True))
    with op.batch_alter_table("prices") as prices:
        prices.alter_column("interval_count", existing_type=WHOLE, server_default=None)


def counted(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False, server_default="1")


def known_since_now() -> None:
    """Plans that were there before have no other time that we know of."""
    plans = sa.table("plans", sa.column("created_at", MOMENT), sa.column("updated_at", MOMENT))
    now = Clock().wall()
    op.execute(sa.update(plans).values(created_at=now, updated_at=now))


def downgrade() -> None:
    with op.batch_alter_table("prices") as prices:
        prices.drop_column("tax_behavior")
        prices.drop_column("interval_count")
    with op.batch_alter_table("plan_features") as features:
        features.drop_column("feature_limit")
    with op.batch_alter_table("plans") as plans:
        for name in (
            "updated_at",
            "created_at",
            "version",
            "tax_code",
            "max_quantity",
            "grace_days",
        ):
            plans.drop_column(name)
