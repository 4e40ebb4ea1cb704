"""what happened before a customer was linked is no news

Revision ID: 0023_history_of_linked
Revises: 0022_wishes
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0023_history_of_linked"
down_revision: str | None = "0022_wishes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("billing_accounts") as table:
        table.add_column(sa.Column("history_until", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("billing_accounts") as table:
        table.drop_column("history_until")
