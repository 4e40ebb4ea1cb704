"""The moment that somebody asks about: now, or one that is past."""

from datetime import UTC, datetime

from admit.core.errors import InvalidInput

MALFORMED = "Write the moment as 2026-03-01 or 2026-03-01T12:00, in UTC."
NOT_YET = "That moment has not come yet."


def moment_of(typed: str, *, now: datetime) -> datetime:
    """`now` for nothing. Times without a zone are UTC. Raises `InvalidInput`."""
    if not typed.strip():
        return now
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise InvalidInput({"at": MALFORMED}) from None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    if at > now:
        raise InvalidInput({"at": NOT_YET})
    return at
