"""Phases that follow each other.

docs.stripe.com/billing/subscriptions/subscription-schedules: a phase that begins at the end of a
period changes what is billed from then on; one that begins within it is prorated as it says.
"""

from collections.abc import Sequence

from stripe_simulator.billing import (
    canceling,
    changes,
    discounts,
    item_periods,
    promotions,
    schedule_states,
    standing,
    subscriptions,
    usage,
)
from stripe_simulator.billing.changes import Change
from stripe_simulator.billing.item_edits import Edit, edit_items, leaving
from stripe_simulator.clock.periods import period_end
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction

EXPIRING_NOTICE = 7 * DAY


def phase_end(start: int, *, interval: str, count: int) -> int:
    return period_end(anchor=start, start=start, interval=interval, count=count)


def plan(tx: Transaction, schedule: Json) -> None:
    """Wakes up when the next phase begins, or the last one ends, and a week before that."""
    coming = [phase["start_date"] for phase in schedule["phases"]]
    coming.append(schedule["phases"][-1]["end_date"])
    later = [at for at in coming if at > tx.now]
    schedule_states.forget_timers(tx, schedule)
    if later:
        tx.schedule("schedule.advance", schedule["id"], later[0])
    warning = coming[-1] - EXPIRING_NOTICE
    if warning > tx.now:
        tx.schedule("schedule.expiring", schedule["id"], warning)


def expiring(tx: Transaction, id_: str) -> None:
    tx.emit("subscription_schedule.expiring", tx.need("subscription_schedule", id_))


def begin(tx: Transaction, schedule: Json, customer: Json) -> None:
    """The first phase: its subscription is made."""
    phase = schedule["phases"][0]
    subscription, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=[
            subscriptions.Wanted(
                tx.need("price", item["price"]), item.get("quantity", 1), item["metadata"]
            )
            for item in phase["items"]
        ],
        discounts=asked(phase),
        metadata=phase["metadata"],
        description=phase["description"],
        schedule=schedule["id"],
    )
    schedule |= {"status": "active", "subscription": subscription["id"]}
    schedule["current_phase"] = dates(phase)


def dates(phase: Json) -> Json:
    return {"start_date": phase["start_date"], "end_date": phase["end_date"]}


def asked(phase: Json) -> list[Json]:
    """The coupons and codes of the phase; discounts that are there already are not given again."""
    named = [
        {name: id_ for name, id_ in one.items() if id_ is not None} for one in phase["discounts"]
    ]
    return [one for one in named if "discount" not in one]


def advances(tx: Transaction, id_: str) -> None:
    """A phase begins, or the last one ends."""
    schedule = tx.need("subscription_schedule", id_)
    customer = tx.need("customer", schedule["customer"])
    if schedule["status"] == "not_started":
        begin(tx, schedule, customer)
        tx.save(schedule, "subscription_schedule.updated")
        plan(tx, schedule)
        return
    advance(tx, schedule, customer)


def advance(tx: Transaction, schedule: Json, customer: Json) -> None:
    if schedule["status"] != "active" or schedule["current_phase"]["end_date"] > tx.now:
        return
    subscription = tx.need("subscription", schedule["subscription"])
    following = [phase for phase in schedule["phases"] if phase["end_date"] > tx.now]
    if not following:
        end(tx, schedule, subscription)
        return
    phase = following[0]
    schedule["current_phase"] = dates(phase)
    tx.save(schedule, "subscription_schedule.updated")
    plan(tx, schedule)
    enter(tx, subscription, customer, phase, proration=phase["proration_behavior"])


def enter(
    tx: Transaction, subscription: Json, customer: Json, phase: Json, *, proration: str
) -> None:
    """Makes the subscription what the phase says."""
    subscription["metadata"] = dict(phase["metadata"])
    kept = [one["discount"] for one in phase["discounts"] if one["discount"]]
    for id_ in list(subscription["discounts"]):
        if id_ not in kept:
            discounts.remove(tx, subscription, id_)
    new = promotions.given(tx, subscription, asked(phase), path="discounts")
    subscription["discounts"] += new
    change = Change(
        at=tx.now,
        edits=edits_to(tx, subscription["items"]["data"], phase["items"]),
        proration=proration,
    )
    if tx.now >= item_periods.current_end(subscription):
        enter_at_renewal(tx, subscription, change)
    else:
        changes.apply(tx, subscription, customer, change)
    tx.save(subscription, "customer.subscription.updated")


def enter_at_renewal(tx: Transaction, subscription: Json, change: Change) -> None:
    """What is new in the phase is billed from now on, together with what renews."""
    before = {item["id"]: item_periods.rhythm(item) for item in subscription["items"]["data"]}
    usage.settle(tx, subscription, leaving(subscription, change.edits), until=tx.now)
    edit_items(tx, subscription, change.edits)
    for item in subscription["items"]["data"]:
        if before.get(item["id"]) != item_periods.rhythm(item):
            item["current_period_end"] = tx.now


def edits_to(tx: Transaction, current: Sequence[Json], wanted: Sequence[Json]) -> list[Edit]:
    """Items keep their place: the first wanted takes the first, what is too much is deleted."""
    edits = []
    for place, item in enumerate(wanted):
        known = current[place]["id"] if place < len(current) else None
        price = tx.need("price", item["price"])
        edits.append(Edit(known, price, item.get("quantity"), metadata=item["metadata"]))
    gone = current[len(wanted) :]
    return [*edits, *(Edit(item["id"], deleted=True) for item in gone)]


def end(tx: Transaction, schedule: Json, subscription: Json) -> None:
    if schedule["end_behavior"] == "cancel":
        schedule_states.finish(tx, schedule, status="completed", event="completed")
        canceling.last_invoice(tx, subscription)
        standing.end(tx, subscription)
        return
    schedule_states.release(tx, schedule)


def period_ended(tx: Transaction, subscription: Json, customer: Json) -> None:
    """A phase that begins with a new period is entered before that is billed."""
    schedule = tx.get(subscription["schedule"] or "", "subscription_schedule")
    if schedule:
        advance(tx, schedule, customer)
