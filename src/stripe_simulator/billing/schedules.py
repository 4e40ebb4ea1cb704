"""Phases that follow each other.

docs.stripe.com/billing/subscriptions/subscription-schedules: a phase that begins at the end of a
period changes what is billed from then on; one that begins within it is prorated as it says.
"""

from collections.abc import Sequence

from stripe_simulator.billing import (
    canceling,
    changes,
    discounts,
    invoice_items,
    item_periods,
    phase_settings,
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


def follow(tx: Transaction, schedule: Json) -> None:
    """The subscription shows what the schedule says now of its end, and of the current phase."""
    current = schedule["current_phase"]
    phase = next((one for one in schedule["phases"] if current and dates(one) == current), None)
    subscription = tx.get(schedule["subscription"] or "", "subscription")
    if subscription and phase:
        subscription |= phase_settings.members(schedule, phase)
        subscription["cancel_at"] = schedule_states.planned_end(schedule)
        tx.save(subscription, "customer.subscription.updated")


def expiring(tx: Transaction, id_: str) -> None:
    tx.emit("subscription_schedule.expiring", tx.need("subscription_schedule", id_))


def begin(tx: Transaction, schedule: Json, customer: Json) -> None:
    """The first phase: its subscription is made."""
    phase = schedule["phases"][0]
    trial = phase["trial_end"]
    subscription, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=[wanted(tx, item) for item in phase["items"]],
        trial_end=trial if trial and trial > tx.now else None,
        discounts=asked(phase["discounts"]),
        beginning=subscriptions.Beginning(
            extras=phase_settings.extras(tx, phase, customer=customer["id"]),
            currency=phase["currency"],
        ),
        cancel_at=schedule_states.planned_end(schedule),
        schedule=schedule["id"],
        metadata=dict(phase["metadata"]),
        **phase_settings.members(schedule, phase),
    )
    schedule |= {"status": "active", "subscription": subscription["id"]}
    schedule["current_phase"] = dates(phase)


def wanted(tx: Transaction, item: Json) -> subscriptions.Wanted:
    return subscriptions.Wanted(
        tx.need("price", item["price"]),
        item.get("quantity", 1),
        item["metadata"],
        discounts=asked(item["discounts"]),
        tax_rates=item["tax_rates"],
    )


def dates(phase: Json) -> Json:
    return {"start_date": phase["start_date"], "end_date": phase["end_date"]}


def asked(given: Sequence[Json]) -> list[Json]:
    """Coupons and codes; discounts that are there already are not given again."""
    named = [{name: id_ for name, id_ in one.items() if id_ is not None} for one in given]
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
    enter(tx, schedule, subscription, customer, phase, proration=phase["proration_behavior"])


def enter(
    tx: Transaction,
    schedule: Json,
    subscription: Json,
    customer: Json,
    phase: Json,
    *,
    proration: str,
) -> None:
    """Makes the subscription what the phase says."""
    subscription |= phase_settings.members(schedule, phase)
    subscription["metadata"] = subscription["metadata"] | phase["metadata"]
    subscription["discounts"] = exchanged(
        tx, subscription, subscription["discounts"], phase["discounts"]
    )
    for extra in phase_settings.extras(tx, phase, customer=customer["id"]):
        invoice_items.belong(tx, extra, subscription)
    change = Change(
        at=tx.now,
        edits=edits_to(tx, subscription, phase["items"]),
        proration=proration,
        anchor_now=phase_settings.begins_anew(schedule, phase),
        trial_end=new_trial(subscription, phase, tx.now),
    )
    renews = tx.now >= item_periods.current_end(subscription)
    if renews and not (change.anchor_now or change.trial_end):
        enter_at_renewal(tx, subscription, change)
    else:
        changes.apply(tx, subscription, customer, change)
    tx.save(subscription, "customer.subscription.updated")


def new_trial(subscription: Json, phase: Json, now: int) -> int | None:
    """The end of a trial that the phase brings; None for one that is under way already."""
    ends: int | None = phase["trial_end"]
    if ends is None or ends <= now:
        return None
    goes_on = subscription["status"] == "trialing" and subscription["trial_end"] == ends
    return None if goes_on else ends


def exchanged(
    tx: Transaction,
    subscription: Json,
    held: Sequence[str],
    wanted: Sequence[Json],
    *,
    item: Json | None = None,
) -> list[str]:
    """The discounts that stay and those that are new; what is no longer named is removed."""
    kept = [one["discount"] for one in wanted if one["discount"]]
    for id_ in held:
        if id_ not in kept:
            discounts.remove(tx, subscription, id_)
    new = promotions.given(tx, subscription, asked(wanted), path="discounts", item=item)
    return [id_ for id_ in held if id_ in kept] + new


def enter_at_renewal(tx: Transaction, subscription: Json, change: Change) -> None:
    """What is new in the phase is billed from now on, together with what renews."""
    before = {item["id"]: item_periods.rhythm(item) for item in subscription["items"]["data"]}
    usage.settle(tx, subscription, leaving(subscription, change.edits), until=tx.now)
    edit_items(tx, subscription, change.edits)
    for item in subscription["items"]["data"]:
        if before.get(item["id"]) != item_periods.rhythm(item):
            item["current_period_end"] = tx.now


def edits_to(tx: Transaction, subscription: Json, wanted: Sequence[Json]) -> list[Edit]:
    """Items keep their place: the first wanted takes the first, what is too much is deleted."""
    current = list(subscription["items"]["data"])
    edits = []
    for place, item in enumerate(wanted):
        known = current[place] if place < len(current) else None
        held = known["discounts"] if known else ()
        edits.append(
            Edit(
                known["id"] if known else None,
                tx.need("price", item["price"]),
                item.get("quantity"),
                metadata=item["metadata"],
                discounts=exchanged(tx, subscription, held, item["discounts"], item=known),
                tax_rates=item["tax_rates"],
            )
        )
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
