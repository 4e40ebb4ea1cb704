"""forgotten passwords, changes of address, and accounts that are closed

Revision ID: 0013_resets_and_departures
Revises: 0012_tokens_and_api_keys
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0013_resets_and_departures"
down_revision: str | None = "0012_tokens_and_api_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        of_a_person("password_resets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
    )
    op.create_index(op.f("ix_password_resets_user_id"), "password_resets", ["user_id"])
    op.create_table(
        "email_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("old_email", sa.String(), nullable=False),
        sa.Column("old_email_key", sa.String(), nullable=False),
        sa.Column("new_email", sa.String(), nullable=False),
        sa.Column("new_email_key", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("undo_token_hash", sa.String(), nullable=True),
        sa.Column("undo_ends_at", MOMENT, nullable=True),
        of_a_person("email_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_changes")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_changes_token_hash")),
        sa.UniqueConstraint("undo_token_hash", name=op.f("uq_email_changes_undo_token_hash")),
    )
    op.create_index(op.f("ix_email_changes_user_id"), "email_changes", ["user_id"])
    op.create_table(
        "departures",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=True),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("erase_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        of_a_person("departures"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_departures")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_departures_token_hash")),
    )


def of_a_person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id_users")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("departures")
    op.drop_index(op.f("ix_email_changes_user_id"), table_name="email_changes")
    op.drop_table("email_changes")
    op.drop_index(op.f("ix_password_resets_user_id"), table_name="password_resets")
    op.drop_table("password_resets")
