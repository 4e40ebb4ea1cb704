"""Changes that wait for their invoice to be paid (`pending_if_incomplete`).

docs.stripe.com/billing/subscriptions/pending-updates: the subscription stays as it was, the change
is shown as `pending_update`, and after 23 hours it is dropped and its invoice void.
"""

from copy import deepcopy

from stripe_simulator.billing import entitlements, invoices
from stripe_simulator.shapes import HOUR, Json
from stripe_simulator.state.transaction import Transaction

WAITS = 23 * HOUR
CHANGED = (
    "billing_cycle_anchor",
    "items",
    "status",
    "trial_end",
    "trial_start",
    "_billed",
    "_usage_from",
)
"""Members that a change sets; the others stay as they are now."""


def wait(tx: Transaction, subscription: Json, before: Json, invoice: Json) -> None:
    """Puts the subscription back to what it was, and keeps what it is to become."""
    wanted = {name: deepcopy(subscription[name]) for name in CHANGED if name in subscription}
    for name in CHANGED:
        if name in before:
            subscription[name] = before[name]
    anchored = wanted["billing_cycle_anchor"] != before["billing_cycle_anchor"]
    trial = wanted["trial_end"] != before["trial_end"]
    subscription["pending_update"] = {
        "billing_cycle_anchor": wanted["billing_cycle_anchor"] if anchored else None,
        "cancel_at_period_end": None,
        "discount": None,
        "discounts": None,
        "expires_at": tx.now + WAITS,
        "metadata": None,
        "subscription_items": wanted["items"]["data"],
        "trial_end": wanted["trial_end"] if trial else None,
        "trial_from_plan": None,
    }
    subscription["_wanted"] = {"invoice": invoice["id"], "members": wanted}
    tx.schedule("subscription.drop_update", subscription["id"], tx.now + WAITS)
    plan_again(tx, subscription)


def plan_again(tx: Transaction, subscription: Json) -> None:
    end = min(item["current_period_end"] for item in subscription["items"]["data"])
    tx.schedule("subscription.period_end", subscription["id"], end)


def paid(tx: Transaction, subscription: Json, invoice: Json) -> None:
    """The invoice of the change is paid: now it is made."""
    wanted = subscription.get("_wanted")
    if not wanted or wanted["invoice"] != invoice["id"]:
        return
    subscription |= wanted["members"]
    done(tx, subscription)
    plan_again(tx, subscription)
    tx.save(subscription, "customer.subscription.updated")
    tx.emit("customer.subscription.pending_update_applied", subscription)
    entitlements.refresh(tx, subscription["customer"])


def drop(tx: Transaction, id_: str) -> None:
    """Nobody paid in time."""
    subscription = tx.need("subscription", id_)
    wanted = subscription.get("_wanted")
    if not wanted:
        return
    invoice = tx.get(wanted["invoice"], "invoice")
    done(tx, subscription)
    tx.save(subscription, "customer.subscription.updated")
    tx.emit("customer.subscription.pending_update_expired", subscription)
    if invoice and invoice["status"] == "open":
        invoices.void(tx, invoice)


def done(tx: Transaction, subscription: Json) -> None:
    subscription["pending_update"] = None
    subscription.pop("_wanted", None)
    tx.unschedule("subscription.drop_update", subscription["id"])
