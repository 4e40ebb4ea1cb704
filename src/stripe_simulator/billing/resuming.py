"""A paused subscription goes on."""

from stripe_simulator.billing import entitlements, standing
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def go_on(tx: Transaction, subscription: Json) -> None:
    subscription["status"] = "active"
    subscription.pop("status_details", None)
    subscription.pop("_resumes_with", None)
    standing.plan_renewal(tx, subscription)
    tx.save(subscription, "customer.subscription.updated")
    tx.emit("customer.subscription.resumed", subscription)
    entitlements.refresh(tx, subscription["customer"])


def paid(tx: Transaction, subscription: Json, invoice: Json) -> None:
    """The invoice that a resumption waited for."""
    if subscription["status"] == "paused" and subscription.get("_resumes_with") == invoice["id"]:
        go_on(tx, subscription)
