from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class EmailChange(Base):
    """Somebody wants another address: it waits for the new mailbox, then for an objection."""

    __tablename__ = "email_changes"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    old_email: Mapped[str]
    old_email_key: Mapped[str]
    new_email: Mapped[str]
    new_email_key: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    """Of the link that went to the new address; nobody has it when that has an owner already."""
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    undo_token_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of the link that went to the old address."""
    undo_ends_at: Mapped[datetime | None]
