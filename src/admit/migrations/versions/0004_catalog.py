"""catalog

Revision ID: 0004_catalog
Revises: 0003_access
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004_catalog"
down_revision: str | None = "0003_access"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "stripe_accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_accounts")),
        sa.UniqueConstraint("account_id", "mode", name=op.f("uq_stripe_accounts_account_id_mode")),
    )
    op.create_table(
        "plans",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_group", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("product_ref", sa.String(), nullable=False),
        sa.Column(
            "stripe_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "pushed_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_plans_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plans")),
        sa.UniqueConstraint("product_ref", name=op.f("uq_plans_product_ref")),
    )
    op.create_table(
        "plan_features",
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("feature_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_key"], ["features.key"], name=op.f("fk_plan_features_feature_key_features")
        ),
        sa.ForeignKeyConstraint(
            ["plan_code"], ["plans.code"], name=op.f("fk_plan_features_plan_code_plans")
        ),
        sa.PrimaryKeyConstraint("plan_code", "feature_key", name=op.f("pk_plan_features")),
    )
    op.create_table(
        "prices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column(
            "trial_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "stripe_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("stripe_price_id", sa.String(), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "pushed_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["plan_code"], ["plans.code"], name=op.f("fk_prices_plan_code_plans")
        ),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_prices_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
        sa.UniqueConstraint(
            "stripe_account_id",
            "stripe_price_id",
            name=op.f("uq_prices_stripe_account_id_stripe_price_id"),
        ),
    )
    with op.batch_alter_table("prices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prices_plan_code"), ["plan_code"], unique=False)
        batch_op.create_index(
            "uq_prices_code_active",
            ["code"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )


def downgrade() -> None:
    with op.batch_alter_table("prices", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_prices_code_active",
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )
        batch_op.drop_index(batch_op.f("ix_prices_plan_code"))

    op.drop_table("prices")
    op.drop_table("plan_features")
    op.drop_table("plans")
    op.drop_table("stripe_accounts")
