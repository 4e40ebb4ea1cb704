"""The periods of a subscription's items: each has its own, and all keep to one anchor.

docs.stripe.com/billing/subscriptions/mixed-interval: items with different intervals renew each at
the end of their own period; those that end together share an invoice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stripe_simulator.clock.periods import period_end, period_start
from stripe_simulator.shapes import Json


@dataclass(frozen=True)
class Due:
    """An item that is to be billed; `past` is the period that it has just had, if any."""

    item: Json
    past: tuple[int, int] | None = None


def set_all(subscription: Json, start: int) -> list[Due]:
    """Every item's period begins at `start` and ends where the anchor's rhythm says."""
    for item in subscription["items"]["data"]:
        item["current_period_start"] = start
        item["current_period_end"] = end_of(subscription, item, start)
    if subscription["status"] == "trialing":
        for item in subscription["items"]["data"]:
            item["current_period_end"] = subscription["trial_end"]
    return [Due(item) for item in subscription["items"]["data"]]


def roll(subscription: Json, now: int) -> list[Due]:
    """The items whose period is over get the one that begins at its end."""
    found = []
    for item in subscription["items"]["data"]:
        if item["current_period_end"] <= now:
            past = item["current_period_start"], item["current_period_end"]
            item["current_period_start"] = past[1]
            item["current_period_end"] = end_of(subscription, item, past[1])
            found.append(Due(item, past))
    return found


def end_of(subscription: Json, item: Json, start: int) -> int:
    return period_end(
        anchor=subscription["billing_cycle_anchor"],
        start=start,
        interval=item["price"]["recurring"]["interval"],
        count=item["price"]["recurring"]["interval_count"],
        day=anchor_day(subscription),
    )


def whole_start(subscription: Json, item: Json) -> int:
    """Where the whole period began that ends with the item's."""
    return period_start(
        anchor=subscription["billing_cycle_anchor"],
        end=item["current_period_end"],
        interval=item["price"]["recurring"]["interval"],
        count=item["price"]["recurring"]["interval_count"],
        day=anchor_day(subscription),
    )


def anchor_day(subscription: Json) -> int | None:
    """The day of the month that was asked for; the anchor itself may lie in a shorter month."""
    config = subscription["billing_cycle_anchor_config"]
    return config["day_of_month"] if config else None


def rhythm(item: Json) -> tuple[str, int]:
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def join(subscription: Json, old: Sequence[Json], now: int) -> None:
    """Changed and added items keep to the period of an item with the same interval."""
    known = {rhythm(item): item for item in old}
    for item in subscription["items"]["data"]:
        same = known.get(rhythm(item))
        if same:
            item["current_period_start"] = same["current_period_start"]
            item["current_period_end"] = same["current_period_end"]
        else:
            item["current_period_end"] = end_of(subscription, item, now)
            item["current_period_start"] = whole_start(subscription, item)


def current_end(subscription: Json) -> int:
    """When something is billed next: the earliest end of an item's period."""
    return min(int(item["current_period_end"]) for item in subscription["items"]["data"])


def current_start(subscription: Json) -> int:
    """Where the period of the item began that is billed next."""
    first = min(subscription["items"]["data"], key=lambda item: item["current_period_end"])
    return int(first["current_period_start"])


def latest_end(subscription: Json) -> int:
    return max(int(item["current_period_end"]) for item in subscription["items"]["data"])
