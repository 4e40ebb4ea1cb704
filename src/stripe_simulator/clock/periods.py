"""Calendar arithmetic of billing periods: pure, in UTC, anchored.

A monthly subscription anchored on the 31st bills on the last day of shorter months and returns to
the 31st (docs.stripe.com/billing/subscriptions/billing-cycle).
"""

import calendar
from datetime import UTC, datetime

from stripe_simulator.shapes import DAY

FIXED = {"day": DAY, "week": 7 * DAY}
MONTHS = {"month": 1, "year": 12}


def period_end(
    *, anchor: int, start: int, interval: str, count: int, day: int | None = None
) -> int:
    """The first moment of the anchor's rhythm that is later than `start`. Unix seconds.

    `day`: of the month, where it is not that of the anchor (who starts in February for the 31st).
    """
    if start < anchor:
        return first_end(anchor=anchor, start=start, interval=interval, count=count, day=day)
    if interval in FIXED:
        length = FIXED[interval] * count
        return anchor + ((start - anchor) // length + 1) * length
    months = MONTHS[interval] * count
    steps = max(months_between(anchor, start) // months, 0)
    while add_months(anchor, steps * months, day) <= start:
        steps += 1
    return add_months(anchor, steps * months, day)


def first_end(*, anchor: int, start: int, interval: str, count: int, day: int | None) -> int:
    """Before the anchor: the first step back from it that is still later than `start`."""
    end = anchor
    while True:
        earlier = period_start(anchor=anchor, end=end, interval=interval, count=count, day=day)
        if earlier <= start:
            return end
        end = earlier


def period_start(
    *, anchor: int, end: int, interval: str, count: int, day: int | None = None
) -> int:
    """Where the whole period begins that ends at `end`. Unix seconds."""
    if interval in FIXED:
        return end - FIXED[interval] * count
    months = MONTHS[interval] * count
    steps = max(months_between(anchor, end) // months, 0) * months
    while add_months(anchor, steps + months, day) < end:
        steps += months
    while add_months(anchor, steps, day) >= end:
        steps -= months
    return add_months(anchor, steps, day)


def months_between(earlier: int, later: int) -> int:
    """Whole calendar months, never too many."""
    first, second = moment(earlier), moment(later)
    return (second.year - first.year) * 12 + second.month - first.month - 1


def add_months(anchor: int, months: int, day: int | None = None) -> int:
    """The same day and time so many months later, or the last day of a month that is shorter."""
    start = moment(anchor)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    fitting = min(day or start.day, last)
    return int(start.replace(year=year, month=month + 1, day=fitting).timestamp())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
