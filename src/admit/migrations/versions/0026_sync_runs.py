"""how far a reading of everything at Stripe has come

Revision ID: 0026_sync_runs
Revises: 0025_who_granted
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0026_sync_runs"
down_revision: str | None = "0025_who_granted"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("before", "seen", "added", "changed", "unclaimed")


def upgrade() -> None:
    op.create_table(
        "sync_runs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stripe_account_id", NUMBER, nullable=False),
        sa.Column("first_look", NUMBER, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["stripe_account_id"],
            ["stripe_accounts.id"],
            name=op.f("fk_sync_runs_stripe_account_id_stripe_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_runs")),
    )
    op.create_index(op.f("ix_sync_runs_stripe_account_id"), "sync_runs", ["stripe_account_id"])
    op.create_table(
        "sync_cursors",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in COUNTS),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_runs.id"], name=op.f("fk_sync_cursors_run_id_sync_runs")
        ),
        sa.PrimaryKeyConstraint("run_id", "kind", name=op.f("pk_sync_cursors")),
    )


def downgrade() -> None:
    op.drop_table("sync_cursors")
    op.drop_index(op.f("ix_sync_runs_stripe_account_id"), table_name="sync_runs")
    op.drop_table("sync_runs")
