"""How a subscription stands: on trial, active, over; and what time is to bring it."""

from stripe_simulator.billing import entitlements, invoices
from stripe_simulator.billing.item_periods import current_end
from stripe_simulator.shapes import DAY, HOUR, Json
from stripe_simulator.state.transaction import Transaction

EXPIRES_INCOMPLETE_AFTER = 23 * HOUR
TRIAL_WARNING = 3 * DAY
UPCOMING_NOTICE = 7 * DAY
TIMERS = (
    "cancel_at",
    "drop_update",
    "expire",
    "period_end",
    "resume_collection",
    "trial_will_end",
    "upcoming",
)
ENDED = ("canceled", "incomplete_expired")


def begin_trial(tx: Transaction, subscription: Json, trial_end: int) -> None:
    subscription |= {
        "status": "trialing",
        "trial_start": tx.now,
        "trial_end": trial_end,
        "billing_cycle_anchor": trial_end,
    }


def warn_of_trial_end(tx: Transaction, subscription: Json) -> None:
    """Three days ahead; at once when the trial is shorter."""
    at = subscription["trial_end"] - TRIAL_WARNING
    if at <= tx.now:
        tx.emit("customer.subscription.trial_will_end", subscription)
    else:
        tx.schedule("subscription.trial_will_end", subscription["id"], at)


def activate(tx: Transaction, subscription: Json) -> None:
    """A paid invoice makes active what waited for it."""
    if subscription["status"] in ("incomplete", "past_due", "unpaid"):
        tx.unschedule("subscription.expire", subscription["id"])
        subscription["status"] = "active"
        tx.save(subscription, "customer.subscription.updated")
        entitlements.refresh(tx, subscription["customer"])


def use_currency(tx: Transaction, customer: Json, currency: str) -> None:
    if customer["currency"] != currency:
        customer["currency"] = currency
        tx.save(customer, "customer.updated")


def plan_renewal(tx: Transaction, subscription: Json) -> None:
    """The end of the period, and `invoice.upcoming` some days before."""
    id_, ends = subscription["id"], current_end(subscription)
    tx.schedule("subscription.period_end", id_, ends)
    notice = ends - UPCOMING_NOTICE
    if notice > tx.now:
        tx.schedule("subscription.upcoming", id_, notice)
    else:
        tx.unschedule("subscription.upcoming", id_)


def end(tx: Transaction, subscription: Json, *, reason: str | None = None) -> None:
    """Canceled, now: no timer, no further attempt to collect, `deleted` is sent."""
    for what in TIMERS:
        tx.unschedule(f"subscription.{what}", subscription["id"])
    subscription["status"] = "canceled"
    subscription["ended_at"] = tx.now
    subscription["canceled_at"] = subscription["canceled_at"] or tx.now
    if reason:
        subscription["cancellation_details"]["reason"] = reason
    tx.save(subscription)
    tx.emit("customer.subscription.deleted", subscription)
    for invoice in tx.find("invoice", subscription=subscription["id"], status=["draft", "open"]):
        invoices.stop_collecting(tx, invoice)
    entitlements.refresh(tx, subscription["customer"])
