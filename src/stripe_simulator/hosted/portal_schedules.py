"""Changes that wait for the end of the period, where the configuration says so.

docs.stripe.com/customer-management/configure-portal: a smaller amount or a shorter interval may be
scheduled instead of being made at once.
"""

from stripe_simulator.api.resources import subscription_schedules as api
from stripe_simulator.billing import changes, pricing, schedule_states
from stripe_simulator.hosted.portal import Visit
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction

LENGTHS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY}
"""Good enough to say which interval is shorter."""


def waits(tx: Transaction, visit: Visit, subscription: Json, price_id: str, quantity: int) -> bool:
    feature = visit.features["subscription_update"]["schedule_at_period_end"]
    conditions = {one["type"] for one in feature["conditions"] or []}
    price, item = tx.need("price", price_id), subscription["items"]["data"][0]
    shorter = length(price) < length(item["price"])
    if shorter:
        return "shortening_interval" in conditions
    less = whole(tx, subscription, price, quantity) < changes.full_amount(tx, subscription, item)
    same = length(price) == length(item["price"])
    return same and less and "decreasing_item_amount" in conditions


def length(price: Json) -> int:
    recurring = price["recurring"]
    return int(LENGTHS[recurring["interval"]] * recurring["interval_count"])


def whole(tx: Transaction, subscription: Json, price: Json, quantity: int) -> int:
    if pricing.is_metered(price):
        return 0
    return pricing.total(tx, price, quantity, subscription["currency"])


def let_go(tx: Transaction, subscription: Json) -> None:
    """A change that was planned before is no longer wanted."""
    schedule = tx.get(subscription["schedule"] or "", "subscription_schedule")
    if schedule:
        schedule_states.release(tx, schedule)


def plan(tx: Transaction, subscription: Json, price: str, quantity: int) -> None:
    """The period as it is, then one with the other price; from there it goes on by itself."""
    schedule = api.create(tx, {"from_subscription": subscription["id"]})
    current = schedule["phases"][0]
    kept = [
        {"price": item["price"], "quantity": item["quantity"], "discounts": named(item)}
        for item in current["items"]
    ]
    wanted = [{"price": price, "quantity": quantity}, *kept[1:]]
    phases = [
        {
            "items": kept,
            "discounts": named(current),
            "start_date": current["start_date"],
            "end_date": current["end_date"],
        },
        {"items": wanted, "discounts": named(current), "proration_behavior": "none"},
    ]
    api.update(tx, {"phases": phases}, schedule["id"])


def named(thing: Json) -> list[Json]:
    return [{"discount": one["discount"]} for one in thing["discounts"] if one["discount"]]
