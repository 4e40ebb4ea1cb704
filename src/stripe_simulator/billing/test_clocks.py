"""Test clocks: customers who live in a time of their own (docs.stripe.com/billing/testing).

What happens to such a customer is stamped with his clock's time, and what time brings him waits
until his clock is advanced; the simulator's own clock does not move it.
"""

from collections.abc import Callable, Mapping

from stripe_simulator.billing import item_periods, standing
from stripe_simulator.clock.periods import add_months, period_end
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction

KIND = "test_helpers.test_clock"
KEPT_FOR = 30 * DAY
MOST_CUSTOMERS = 3
Timers = Mapping[str, Callable[[Transaction, str], None]]


def create(tx: Transaction, *, frozen_time: int, name: str | None) -> Json:
    clock: Json = {
        "id": tx.new_id(KIND),
        "object": KIND,
        "created": tx.now,
        "deletes_after": tx.now + KEPT_FOR,
        "frozen_time": frozen_time,
        "livemode": False,
        "name": name,
        "status": "ready",
        "status_details": {},
    }
    tx.schedule("clock.delete", clock["id"], clock["deletes_after"])
    return tx.add(clock, "test_helpers.test_clock.created")


def join(tx: Transaction, id_: str) -> None:
    """A customer is about to be made on this clock. Errors: 400 when it has three."""
    clock = tx.need(KIND, id_, param="test_clock")
    if len(tx.find("customer", test_clock=id_)) >= MOST_CUSTOMERS:
        raise invalid(f"A test clock can have at most {MOST_CUSTOMERS} customers.")
    tx.enter(clock)


def begin(tx: Transaction, clock: Json, target: int) -> Json:
    """Says that it advances; it arrives right after this call. Errors: 400 for too far a step."""
    if clock["status"] != "ready":
        raise invalid("The test clock is already advancing.")
    if target <= clock["frozen_time"]:
        raise invalid("A test clock can only be advanced forward.", param="frozen_time")
    if target > farthest(tx, clock):
        raise invalid(
            "A test clock can only be advanced by two intervals of the shortest subscription"
            " on it at a time, or by two years when there is none.",
            param="frozen_time",
        )
    clock |= {
        "status": "advancing",
        "status_details": {"advancing": {"target_frozen_time": target}},
    }
    tx.save(clock)
    tx.emit("test_helpers.test_clock.advancing", clock)
    tx.schedule("clock.advance", clock["id"], tx.now)
    return clock


def farthest(tx: Transaction, clock: Json) -> int:
    """docs.stripe.com/api/test_clocks/advance. Unix seconds."""
    now: int = clock["frozen_time"]
    limits = [
        period_end(anchor=now, start=now, interval=interval, count=2 * count)
        for customer in tx.find("customer", test_clock=clock["id"])
        for subscription in tx.find("subscription", customer=customer["id"])
        if subscription["status"] not in standing.ENDED
        for interval, count in map(item_periods.rhythm, subscription["items"]["data"])
    ]
    return min(limits, default=add_months(now, 24))


def arrive(tx: Transaction, id_: str, timers: Timers) -> None:
    """Everything that is due for its customers, in order, each at its own second."""
    clock = tx.get(id_, KIND)
    if clock is None or clock.get("deleted"):
        return
    target = clock["status_details"]["advancing"]["target_frozen_time"]
    while due := tx.next_of_clock(id_, until=target):
        what, subject, at = due
        clock["frozen_time"] = at
        tx.enter(clock)
        tx.unschedule(what, subject)
        timers[what](tx, subject)
    clock |= {"frozen_time": target, "status": "ready", "status_details": {}}
    tx.enter(clock)
    tx.save(clock)
    tx.emit("test_helpers.test_clock.ready", clock)


def delete(tx: Transaction, clock: Json) -> Json:
    """Its customers go with it, and their subscriptions end."""
    tx.unschedule("clock.delete", clock["id"])
    tx.unschedule("clock.advance", clock["id"])
    tombstone = tx.remove(clock, "test_helpers.test_clock.deleted")
    for customer in tx.find("customer", test_clock=clock["id"]):
        for subscription in tx.find("subscription", customer=customer["id"]):
            if subscription["status"] not in standing.ENDED:
                standing.end(tx, subscription, reason="cancellation_requested")
        tx.remove(customer, "customer.deleted")
    return tombstone
