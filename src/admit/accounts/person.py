"""Who asks, as pages and guards see them."""

from dataclasses import dataclass
from datetime import datetime

from admit.accounts.models import Role


@dataclass(frozen=True)
class Person:
    id: str
    email: str
    first_name: str
    last_name: str
    initials: str
    is_verified: bool
    is_admin: bool
    session_id: str
    features: frozenset[str] = frozenset()
    """What is open to them now; filled by access."""
    level: int = 0
    """The highest of the plans that they have; filled by access."""
    last_seen_at: datetime | None = None
    """Wall time that the session's row holds; it is written at most once a minute."""
    proved_at: datetime | None = None
    """When they last showed who they are in this session, by wall time."""
    role: Role = Role.member
    display_name: str | None = None
    picture_url: str | None = None
    time_zone: str | None = None
    """An IANA name; None is UTC."""
    locale: str | None = None
    """How dates and amounts are written to them; None is the site's own way."""

    @property
    def is_staff(self) -> bool:
        return self.is_verified and self.role.covers(Role.staff)

    @property
    def name(self) -> str:
        """As others see them."""
        return self.display_name or f"{self.first_name} {self.last_name}"


def initials_of(first_name: str, last_name: str) -> str:
    return "".join(name[0] for name in (first_name, last_name) if name).upper()
