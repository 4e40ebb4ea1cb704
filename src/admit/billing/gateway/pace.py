"""How many calls a second Stripe takes (https://docs.stripe.com/rate-limits): not one more."""

import asyncio
import time
from collections.abc import Callable

LIVE, TEST = 100, 25
"""Calls a second that an account has; another setting is for one that was given more, or less."""


class Pace:
    """A bucket of tokens: `per_second` flow in, and as many may be taken at once after a pause.

    Whoever finds it empty takes the next token all the same and waits until it is there: so those
    who wait are served in turn. None: without any limit.
    """

    def __init__(
        self, per_second: float | None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._tokens = per_second or 0.0
        self._filled_at = monotonic()

    async def turn(self) -> None:
        wait = self.reserve()
        if wait > 0:
            await asyncio.sleep(wait)

    def reserve(self) -> float:
        """Seconds until the token that was taken is there."""
        if self._per_second is None:
            return 0.0
        now = self._monotonic()
        flown = (now - self._filled_at) * self._per_second
        self._tokens = min(self._per_second, self._tokens + flown) - 1
        self._filled_at = now
        return max(0.0, -self._tokens / self._per_second)
