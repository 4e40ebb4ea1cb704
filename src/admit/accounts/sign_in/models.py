from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class SignInAttempt(Base):
    """A sign-in that passed its first factor and waits for the second.

    Its token opens nothing by itself; only whoever brings the second factor too is let in.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    """Of the session that it leads to: `sessions.models.SessionKind`."""
    method: Mapped[str]
    """The first factor."""
    next_path: Mapped[str | None]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)


class MailedCode(Base):
    """A code and a link that were mailed so that somebody can show that a mailbox is theirs.

    It exists for an address without an account, too; nothing that is shown depends on it.
    """

    __tablename__ = "mailed_codes"
    __table_args__ = (Index(None, "browser_hash"), Index(None, "user_id"))

    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    """`mailed.Purpose`: one that was sent to sign in proves nothing else, and the reverse."""
    browser_hash: Mapped[str]
    """Of the token in the browser that asked: the code works there and nowhere else."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str]
    email_key: Mapped[str]
    next_path: Mapped[str | None]
    code_fingerprint: Mapped[str]
    """Keyed: six digits could be found again from a plain hash."""
    link_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    code_ends_at: Mapped[datetime]
    link_ends_at: Mapped[datetime]
    sends: Mapped[int]
    """Which mail of this browser it is, counted from one."""
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    """A newer mail took its place."""
