"""When a subscription is to end: at a second, at the end of a period, or not after all."""

from stripe_simulator.api import parameters as p
from stripe_simulator.billing import item_periods
from stripe_simulator.errors import invalid
from stripe_simulator.objects.subscription import NOT_CANCELED
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def set_end(tx: Transaction, subscription: Json, params: Json) -> None:
    """`cancel_at_period_end` and `cancel_at`, and taking them back."""
    if params.get("cancel_at_period_end") and params.get("cancel_at"):
        raise invalid("You may only specify one of cancel_at, cancel_at_period_end.")
    if "cancel_at" in params and params["cancel_at"] is not None:
        plan_end(tx, subscription, second(subscription, params["cancel_at"]))
    elif params.get("cancel_at_period_end"):
        if not subscription["cancel_at_period_end"]:
            tx.unschedule("subscription.cancel_at", subscription["id"])
            ends(subscription, item_periods.current_end(subscription), tx.now)
            subscription["cancel_at_period_end"] = True
    elif params.get("cancel_at_period_end") is False or "cancel_at" in params:
        tx.unschedule("subscription.cancel_at", subscription["id"])
        subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
        subscription["cancellation_details"] = dict(NOT_CANCELED)


def second(subscription: Json, given: str) -> int:
    """A timestamp, or the earliest or latest end of an item's period as it is now."""
    if given == "min_period_end":
        return item_periods.current_end(subscription)
    if given == "max_period_end":
        return item_periods.latest_end(subscription)
    return p.moment(given, "cancel_at")


def plan_end(tx: Transaction, subscription: Json, moment: int) -> None:
    if moment <= tx.now:
        raise invalid("Timestamp must be in the future.", param="cancel_at")
    tx.schedule("subscription.cancel_at", subscription["id"], moment)
    ends(subscription, moment, tx.now)
    subscription["cancel_at_period_end"] = False


def ends(subscription: Json, moment: int, now: int) -> None:
    subscription["cancel_at"] = moment
    subscription["canceled_at"] = now
    subscription["cancellation_details"]["reason"] = "cancellation_requested"
