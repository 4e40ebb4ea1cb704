"""Every way in which a short list of events may reach somebody: pure, and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations


@dataclass(frozen=True)
class Hearing:
    """Which event comes at which place; the numbers are Stripe's own order."""

    order: tuple[int, ...]
    doubled: int | None = None
    """Comes once more, after all others."""


def every_hearing(events: int) -> Iterator[Hearing]:
    """Each order; each order with each event doubled; each order of what is left without one.

    n! + n! · n + n!: orders that differ only in where the lost event would have been are one.
    """
    places = range(events)
    for order in permutations(places):
        yield Hearing(order)
        for doubled in places:
            yield Hearing(order, doubled=doubled)
    for lost in places:
        for order in permutations(place for place in places if place != lost):
            yield Hearing(order)
