from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class TotpApp(Base):
    """The authenticator app of a person: the one that is in use, and one being set up."""

    __tablename__ = "totp_apps"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[str | None]
    """The secret, readable only with the vault; None until its first code was right."""
    pending: Mapped[str | None]
    """The secret shown to be scanned, sealed likewise."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The thirty seconds whose code was used last: neither it nor an earlier one counts again."""
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    __tablename__ = "recovery_codes"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    fingerprint: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """Its owner showed that they keep the set; only then does it replace the one before."""
    used_at: Mapped[datetime | None]


class TwoFactorReset(Base):
    """Staff was asked to switch off a lost second factor; its owner has a day to object."""

    __tablename__ = "two_factor_resets"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """None when asked for in the terminal."""
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
