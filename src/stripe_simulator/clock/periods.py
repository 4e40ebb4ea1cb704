"""Calendar arithmetic of billing periods: pure, in UTC, anchored.

A monthly subscription anchored on the 31st bills on the last day of shorter months and returns to
the 31st (docs.stripe.com/billing/subscriptions/billing-cycle).
"""

import calendar
from datetime import UTC, datetime

from stripe_simulator.shapes import DAY

FIXED = {"day": DAY, "week": 7 * DAY}
MONTHS = {"month": 1, "year": 12}


def period_end(*, anchor: int, start: int, interval: str, count: int) -> int:
    """The first moment of the anchor's rhythm that is later than `start`. Unix seconds."""
    if start < anchor:
        return first_end(anchor=anchor, start=start, interval=interval, count=count)
    if interval in FIXED:
        length = FIXED[interval] * count
        return anchor + ((start - anchor) // length + 1) * length
    months = MONTHS[interval] * count
    steps = max(months_between(anchor, start) // months, 0)
    while add_months(anchor, steps * months) <= start:
        steps += 1
    return add_months(anchor, steps * months)


def first_end(*, anchor: int, start: int, interval: str, count: int) -> int:
    """Before the anchor: the first step back from it that is still later than `start`."""
    end = anchor
    while True:
        earlier = period_start(anchor=anchor, end=end, interval=interval, count=count)
        if earlier <= start:
            return end
        end = earlier


def period_start(*, anchor: int, end: int, interval: str, count: int) -> int:
    """Where the whole period begins that ends at `end`, at the anchor or before it."""
    if interval in FIXED:
        return end - FIXED[interval] * count
    months = MONTHS[interval] * count
    steps = 0
    while add_months(anchor, steps) >= end:
        steps -= months
    return add_months(anchor, steps)


def months_between(earlier: int, later: int) -> int:
    """Whole calendar months, never too many."""
    first, second = moment(earlier), moment(later)
    return (second.year - first.year) * 12 + second.month - first.month - 1


def add_months(anchor: int, months: int) -> int:
    """The same day and time so many months later, or the last day of a month that is shorter."""
    start = moment(anchor)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
