"""billing

Revision ID: 0005_billing
Revises: 0004_catalog
"""

from collections.abc import Sequence

revision: str = "0005_billing"
down_revision: str | None = "0004_catalog"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
