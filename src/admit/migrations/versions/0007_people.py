"""profiles, pictures, newsletter choices and invitations

Revision ID: 0007_people
Revises: 0006_sessions_of_account
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from admit.core.db import UtcDateTime

revision: str = "0007_people"
down_revision: str | None = "0006_sessions_of_account"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=True),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("handle_key", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("newsletter", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_profiles_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("handle_key", name=op.f("uq_profiles_handle_key")),
    )
    op.execute("INSERT INTO profiles (user_id, newsletter) SELECT id, FALSE FROM users")
    op.create_table(
        "newsletter_choices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("wants", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_newsletter_choices_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_choices")),
    )
    op.create_index(op.f("ix_newsletter_choices_user_id"), "newsletter_choices", ["user_id"])
    op.create_table(
        "pictures",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pictures_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pictures")),
        sa.UniqueConstraint("user_id", "source", name=op.f("uq_pictures_user_id_source")),
    )
    _create_invitations()
    with op.batch_alter_table("verifications") as batch_op:
        batch_op.add_column(
            sa.Column("newsletter", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("verifications") as batch_op:
        batch_op.alter_column("newsletter", server_default=None)
    with op.batch_alter_table("security_events") as batch_op:
        batch_op.add_column(sa.Column("detail", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("actor_id", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_security_events_actor_id_users"),
            "users",
            ["actor_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(op.f("ix_security_events_actor_id"), ["actor_id"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("invited_by", sa.String(), nullable=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_up_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["users.id"],
            name=op.f("fk_invitations_invited_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_invitations_user_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_invited_by"), "invitations", ["invited_by"])
    op.create_index(op.f("ix_invitations_user_id"), "invitations", ["user_id"])
    op.create_index(
        "uq_invitations_open_email_key",
        "invitations",
        ["email_key"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    with op.batch_alter_table("security_events") as batch_op:
        batch_op.drop_index(op.f("ix_security_events_actor_id"))
        batch_op.drop_constraint(op.f("fk_security_events_actor_id_users"), type_="foreignkey")
        batch_op.drop_column("actor_id")
        batch_op.drop_column("detail")
    with op.batch_alter_table("verifications") as batch_op:
        batch_op.drop_column("newsletter")
    for table in ("invitations", "pictures", "newsletter_choices", "profiles"):
        op.drop_table(table)
