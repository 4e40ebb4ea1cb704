"""sign-ins that pause for a second factor, and proofs of who somebody is

Revision ID: 0008_second_factor_steps
Revises: 0007_people
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0008_second_factor_steps"
down_revision: str | None = "0007_people"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("users", sa.Column("two_factor_since", MOMENT, nullable=True))
    failures = sa.Column("password_failures", WHOLE, nullable=False, server_default="0")
    op.add_column("users", failures)
    kind = sa.Column("kind", sa.String(), nullable=False, server_default="browser")
    op.add_column("sessions", kind)
    op.add_column(
        "sessions", sa.Column("amr", sa.String(), nullable=False, server_default="unknown")
    )
    op.add_column("sessions", sa.Column("proved_at", MOMENT, nullable=True))
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("next_path", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_sign_in_attempts_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_attempts_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_attempts_user_id"), "sign_in_attempts", ["user_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_attempts_user_id"), table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    for column in ("proved_at", "amr", "kind"):
        op.drop_column("sessions", column)
    for column in ("password_failures", "two_factor_since"):
        op.drop_column("users", column)
