"""The only place that knows what time it is.

Business time can be moved by the time machine and rules periods, trials, grants and grace.
Wall and monotonic time never move and rule sessions, codes, leases, limits, logs and signatures.
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def wall(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is core.clock

    def business(self) -> datetime:
        return self.wall() + self.offset

    def monotonic(self) -> float:
        return time.monotonic()


def from_seconds(seconds: int) -> datetime:
    """Stripe's times are whole seconds since 1970 (https://docs.stripe.com/api/events/object)."""
    return datetime.fromtimestamp(seconds, UTC)


def to_seconds(moment: datetime) -> int:
    return int(moment.timestamp())
