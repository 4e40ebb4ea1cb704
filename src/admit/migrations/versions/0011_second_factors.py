"""authenticator apps, recovery codes and mailed codes

Revision ID: 0011_second_factors
Revises: 0010_providers_and_passkeys
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0011_second_factors"
down_revision: str | None = "0010_providers_and_passkeys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "totp_apps",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=True),
        sa.Column("pending", sa.String(), nullable=True),
        sa.Column("last_step", WHOLE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        of_user("totp_apps"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp_apps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"])
    op.create_table(
        "two_factor_resets",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        of_user("two_factor_resets"),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["users.id"],
            name=op.f("fk_two_factor_resets_asked_by_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_two_factor_resets")),
    )
    create_mailed_codes()


def create_mailed_codes() -> None:
    op.create_table(
        "mailed_codes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("next_path", sa.String(), nullable=True),
        sa.Column("code_fingerprint", sa.String(), nullable=False),
        sa.Column("link_hash", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("code_ends_at", MOMENT, nullable=False),
        sa.Column("link_ends_at", MOMENT, nullable=False),
        sa.Column("sends", WHOLE, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=True),
        of_user("mailed_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_codes")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_mailed_codes_link_hash")),
    )
    for column in ("browser_hash", "user_id"):
        op.create_index(op.f(f"ix_mailed_codes_{column}"), "mailed_codes", [column])


def downgrade() -> None:
    for table in ("mailed_codes", "two_factor_resets", "recovery_codes", "totp_apps"):
        op.drop_table(table)


def of_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")
