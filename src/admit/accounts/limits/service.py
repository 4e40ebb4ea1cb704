"""How often something may be tried; counted in the database, which all processes share."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.limits.repository import LimitWindows


@dataclass(frozen=True)
class Limit:
    """`allowed` tries in a window of `period` that opens with the first of them."""

    name: str
    allowed: int
    period: timedelta

    def key(self, subject: str) -> str:
        return f"{self.name}:{subject}"


async def spend(db: AsyncSession, limit: Limit, subject: str, *, now: datetime) -> timedelta | None:
    """Counts one try. None when it is allowed, else how long to wait.

    Counted before it is known whether the try is good, so that a burst cannot slip through;
    `give_back` takes a good one out of the count again.
    """
    count, ends_at = await LimitWindows(db).count(
        limit.key(subject), ends_at=now + limit.period, now=now
    )
    return ends_at - now if count > limit.allowed else None


async def spend_in_turn(
    db: AsyncSession, counted: Iterable[tuple[Limit, str]], *, now: datetime
) -> timedelta | None:
    """Counts one try by each limit until one refuses it; name the narrowest first.

    What is held back already uses up nothing that others share: one machine that goes on and on
    would else hold back everybody.
    """
    for limit, subject in counted:
        wait = await spend(db, limit, subject, now=now)
        if wait is not None:
            return wait
    return None


async def give_back(db: AsyncSession, limit: Limit, subject: str) -> None:
    await LimitWindows(db).give_back(limit.key(subject))


def whole_seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))


def in_words(wait: timedelta) -> str:
    """Rounded up: whoever waits that long is not refused again."""
    seconds = whole_seconds(wait)
    for size, unit in ((3600, "hour"), (60, "minute")):
        if seconds > size:
            return f"{math.ceil(seconds / size)} {unit}s"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
