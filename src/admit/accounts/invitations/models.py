from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Answer(StrEnum):
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"
    """Taken back by staff, or replaced by a newer invitation."""


class Invitation(Base):
    """An address is asked to take a role; whoever shows that it is theirs may answer."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(
            "uq_invitations_open_email_key",
            "email_key",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
        Index(None, "invited_by"),
        Index(None, "user_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    taken_up_at: Mapped[datetime | None]
    """Its link led somebody to the sign-up: accepted once the address is confirmed."""
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """Who answered."""
