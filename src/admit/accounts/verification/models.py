from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Verification(Base):
    """A browser waits for somebody to show that an address is theirs.

    It exists for an address that has an account just as for a new one; only `user_id` differs,
    and nothing that is shown depends on it.
    """

    __tablename__ = "verifications"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    browser_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    """Whose address it will confirm; nobody's when the address has its owner already."""
    email: Mapped[str]
    email_key: Mapped[str]
    first_name: Mapped[str | None]
    """Names and password of a later sign-up with the same address. They take the place of the
    earlier ones when this browser shows that the mailbox is its own, and never before."""
    last_name: Mapped[str | None]
    password_hash: Mapped[str | None]
    newsletter: Mapped[bool] = mapped_column(default=False)
    """Ticked at that later sign-up."""
    next_path: Mapped[str | None]
    plan: Mapped[str | None]
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    last_sent_at: Mapped[datetime]
    resends: Mapped[int] = mapped_column(default=0)


class VerificationCode(Base):
    """One mail: a code for the browser that waits, and a link for any."""

    __tablename__ = "verification_codes"
    __table_args__ = (Index(None, "verification_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey("verifications.id", ondelete="CASCADE"))
    code_fingerprint: Mapped[str]
    """Keyed: six digits could be found again from a plain hash."""
    link_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    code_ends_at: Mapped[datetime]
    link_ends_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    """A newer mail took its place."""
