"""grants with a limit, and the level of a plan among them

Revision ID: 0014_limits_and_levels
Revises: 0013_resets_and_departures
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014_limits_and_levels"
down_revision: str | None = "0013_resets_and_departures"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LEVEL = "@level"


def upgrade() -> None:
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feature_limit", WHOLE, nullable=True))
    features = sa.table(
        "features",
        sa.column("key"),
        sa.column("name"),
        sa.column("description"),
        sa.column("open_to_all", sa.Boolean()),
        sa.column("position"),
        sa.column("retired", sa.Boolean()),
    )
    level = {"key": LEVEL, "name": "Plan level", "description": "", "position": -1}
    op.bulk_insert(features, [{**level, "open_to_all": False, "retired": False}])


def downgrade() -> None:
    grants, features = (
        sa.table("grants", sa.column("feature")),
        sa.table("features", sa.column("key")),
    )
    op.execute(sa.delete(grants).where(grants.c.feature == LEVEL))
    op.execute(sa.delete(features).where(features.c.key == LEVEL))
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_column("feature_limit")
