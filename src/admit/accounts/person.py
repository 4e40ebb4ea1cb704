"""Who asks, as pages and guards see them."""

from dataclasses import dataclass
from datetime import datetime


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
    last_seen_at: datetime | None = None
    """Wall time that the session's row holds; it is written at most once a minute."""
    proved_at: datetime | None = None
    """When they last showed who they are in this session, by wall time."""


def initials_of(first_name: str, last_name: str) -> str:
    return "".join(name[0] for name in (first_name, last_name) if name).upper()
