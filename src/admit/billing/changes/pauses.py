"""How long a pause may last: pure functions of the end of the paid time."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta

MOST_MONTHS = 3
BEFORE_RENEWAL = timedelta(hours=1)
"""Stripe bills the renewal as usual when collection goes on before it."""


def choices(
    period_end: datetime, interval: str | None, interval_count: int = 1
) -> Mapping[str, datetime | None]:
    """What can be chosen, and when it ends by itself; None: when the person says so.

    A pause ends where a period does: what was void in between stays so. Of a longer period only
    a whole one could be left out, so that it is open-ended.
    """
    ends: dict[str, datetime | None] = {"open": None}
    if (interval, interval_count) == ("month", 1):
        for months in range(1, MOST_MONTHS + 1):
            ends[str(months)] = _months_later(period_end, months) - BEFORE_RENEWAL
    return ends


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day, or the last one of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
