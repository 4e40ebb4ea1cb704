"""The one place that asks the machine what time it is."""

import time


def wall_time() -> float:
    """Unix seconds. Signatures and retries of deliveries live in this time."""
    return time.time()  # noqa: TID251 -- this package knows no other clock


def monotonic() -> float:
    return time.perf_counter()
