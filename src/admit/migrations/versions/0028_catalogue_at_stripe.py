"""features at Stripe, what it refuses, and what somebody changed there

Revision ID: 0028_catalogue_at_stripe
Revises: 0027_trials_and_quantities
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0028_catalogue_at_stripe"
down_revision: str | None = "0027_trials_and_quantities"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    for table in ("plans", "prices"):
        op.add_column(table, sa.Column("retired_at", MOMENT, nullable=True))
        op.add_column(table, sa.Column("refusal", sa.Text(), nullable=True))
    # Their products do not name their features yet.
    op.execute("UPDATE plans SET pushed_revision = NULL")
    op.create_table(
        "stripe_features",
        sa.Column("feature_key", sa.String(), nullable=False),
        sa.Column("stripe_feature_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("stripe_account_id", WHOLE, nullable=True),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("pushed_revision", WHOLE, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["feature_key"], ["features.key"], name=op.f("fk_stripe_features_feature_key_features")
        ),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_stripe_features_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("feature_key", name=op.f("pk_stripe_features")),
    )
    op.create_table(
        "catalog_drifts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_code"], ["plans.code"], name=op.f("fk_catalog_drifts_plan_code_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_drifts")),
    )
    op.create_index(op.f("ix_catalog_drifts_object_id"), "catalog_drifts", ["object_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_catalog_drifts_object_id"), table_name="catalog_drifts")
    op.drop_table("catalog_drifts")
    op.drop_table("stripe_features")
    for table in ("prices", "plans"):
        op.drop_column(table, "refusal")
        op.drop_column(table, "retired_at")
