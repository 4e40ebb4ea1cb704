"""access

Revision ID: 0003_access
Revises: 0002_accounts
"""

from collections.abc import Sequence

revision: str = "0003_access"
down_revision: str | None = "0002_accounts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
