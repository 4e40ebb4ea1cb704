"""who of staff granted, and who took it back

Revision ID: 0025_who_granted
Revises: 0024_standings
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025_who_granted"
down_revision: str | None = "0024_standings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHO = ("granted_by", "revoked_by")


def upgrade() -> None:
    with op.batch_alter_table("grants", schema=None) as batch_op:
        for column in WHO:
            batch_op.add_column(sa.Column(column, sa.String(), nullable=True))
            name = batch_op.f(f"fk_grants_{column}_users")
            batch_op.create_foreign_key(name, "users", [column], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("grants", schema=None) as batch_op:
        for column in WHO:
            batch_op.drop_constraint(batch_op.f(f"fk_grants_{column}_users"), type_="foreignkey")
            batch_op.drop_column(column)
