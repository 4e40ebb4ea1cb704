"""What staff asks of a grant, on the page or in the terminal or over the API."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from admit.core.errors import InvalidInput

LONGEST_REASON = 500
MOST = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Wish:
    feature: str
    until: datetime | None
    limit: int | None
    reason: str


class GrantForm(BaseModel):
    """As typed; a refused form comes back with what it held."""

    email: str = ""
    feature: str = ""
    last_day: str = ""
    limit: str = ""
    reason: str = ""

    def checked(self, *, now: datetime) -> Wish:
        """Raises `InvalidInput`. `now` is business time."""
        until, errors = end_of_day(self.last_day, now=now)
        if not self.feature:
            errors["feature"] = "Choose what to open."
        limit = None
        if self.limit.strip():
            limit = int(self.limit) if self.limit.strip().isdecimal() else 0
            if not 0 < limit <= MOST:
                errors["limit"] = "Enter a whole number above zero, or nothing for no limit."
        errors |= problems_with(self.reason)
        if errors:
            raise InvalidInput(errors)
        return Wish(
            feature=self.feature, until=until, limit=limit, reason=" ".join(self.reason.split())
        )


class RevokeForm(BaseModel):
    email: str = ""
    reason: str = ""

    def checked(self) -> str:
        """The reason. Raises `InvalidInput`."""
        if errors := problems_with(self.reason):
            raise InvalidInput(errors)
        return " ".join(self.reason.split())


class NewGrant(BaseModel):
    """Over the API."""

    model_config = ConfigDict(extra="forbid")

    email: str
    feature: str
    reason: str
    ends_at: datetime | None = None
    """The first moment at which it is closed again; null: until it is revoked."""
    limit: int | None = None
    """How many of whatever the feature counts; null: without a limit."""

    def checked(self, *, now: datetime) -> Wish:
        """Raises `InvalidInput`. `now` is business time."""
        errors = problems_with(self.reason)
        if self.ends_at is not None:
            if self.ends_at.tzinfo is None:
                errors["ends_at"] = "Say in which time zone: 2026-12-31T23:00:00Z."
            elif self.ends_at <= now:
                errors["ends_at"] = "That moment is past."
        if self.limit is not None and not 0 < self.limit <= MOST:
            errors["limit"] = "A limit is a whole number above zero, or null for none."
        if errors:
            raise InvalidInput(errors)
        return Wish(
            feature=self.feature,
            until=self.ends_at,
            limit=self.limit,
            reason=" ".join(self.reason.split()),
        )


def end_of_day(typed: str, *, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    """The end of that day in UTC, None without one; and what is wrong with it."""
    if not typed.strip():
        return None, {}
    try:
        day = date.fromisoformat(typed.strip())
        end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None, {"last_day": "Write the day as 2026-12-31, or leave it empty."}
    return (end, {}) if end > now else (None, {"last_day": "That day is past."})


def problems_with(reason: str) -> dict[str, str]:
    if not reason.strip():
        return {"reason": "Say why, so that others understand it later."}
    if len(reason) > LONGEST_REASON:
        return {"reason": f"Say it in at most {LONGEST_REASON} characters."}
    return {}
