"""what our mirror had wrong, and when that was found and repaired

Revision ID: 0018_drift
Revises: 0017_list_versions
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0018_drift"
down_revision: str | None = "0017_list_versions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "drifts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("billing_account_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=True),
        sa.Column("theirs", sa.Text(), nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("repaired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["billing_account_id"],
            ["billing_accounts.id"],
            name=op.f("fk_drifts_billing_account_id_billing_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drifts")),
    )
    op.create_index(op.f("ix_drifts_object_id"), "drifts", ["object_id"])
    op.create_index(op.f("ix_drifts_found_at"), "drifts", ["found_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_drifts_found_at"), table_name="drifts")
    op.drop_index(op.f("ix_drifts_object_id"), table_name="drifts")
    op.drop_table("drifts")
