from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base


class Role(StrEnum):
    """From the least to the most; each may all that the ones before it may."""

    member = "member"
    staff = "staff"
    admin = "admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def covers(self, other: "Role") -> bool:
        return self.rank >= other.rank


class User(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    """As its owner writes it; mails go there."""
    email_key: Mapped[str] = mapped_column(unique=True)
    """The same for every spelling of one address: case folded, domain in ASCII."""
    first_name: Mapped[str]
    last_name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(default=Role.member)
    is_active: Mapped[bool] = mapped_column(default=True)
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    two_factor_since: Mapped[datetime | None]
    """While set, nobody is let in with one factor alone."""
    password_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    """Wrong passwords since the last right one (NIST SP 800-63B-4, section 3.2.2)."""

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def has_two_factor(self) -> bool:
        return self.two_factor_since is not None
