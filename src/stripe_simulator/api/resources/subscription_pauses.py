from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, post
from stripe_simulator.api.resources.subscription_fields import PRORATION
from stripe_simulator.billing import discounts, pausing
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

PAUSE = {
    "bill_for": p.hash_of(
        {
            "outstanding_usage_through": p.unsupported,
            "unused_time_from": p.hash_of({"type": p.choice("none", "now")}, required=("type",)),
        }
    ),
    "invoicing_behavior": p.choice("invoice", "pending_invoice_item"),
    "type": p.choice("subscription"),
}
RESUME = {
    "billing_cycle_anchor": p.hash_of({"type": p.choice("now", "unchanged")}, required=("type",)),
    "payment_behavior": p.choice("resume_on_payment_attempt", "resume_on_payment_success"),
    "proration_behavior": PRORATION,
    "proration_date": p.unsupported,
}


def pause(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = tx.need("subscription", id_)
    if subscription["status"] not in ("active", "trialing", "past_due"):
        raise invalid(f"A subscription that is {subscription['status']} cannot be paused.")
    unused = params.get("bill_for", {}).get("unused_time_from", {}).get("type", "none")
    pausing.pause(
        tx,
        subscription,
        tx.need("customer", subscription["customer"]),
        credits_unused=unused == "now",
        invoices_now=params.get("invoicing_behavior") == "invoice",
    )
    return subscription


def resume(tx: Transaction, params: Json, id_: str) -> Json:
    subscription = tx.need("subscription", id_)
    if subscription["status"] != "paused":
        raise invalid("Only a paused subscription can be resumed.")
    pausing.resume(
        tx,
        subscription,
        tx.need("customer", subscription["customer"]),
        anchor_now=params.get("billing_cycle_anchor", {}).get("type", "now") == "now",
        proration=params.get("proration_behavior") or "create_prorations",
        needs_payment=params.get("payment_behavior") != "resume_on_payment_attempt",
    )
    return subscription


def drop_discount(tx: Transaction, params: Json, id_: str) -> Json:
    """Takes every discount off the subscription; the answer is the last one, as a tombstone."""
    del params
    subscription = tx.need("subscription", id_)
    if not subscription["discounts"]:
        raise missing_resource("active discount for subscription", id_)
    last = tx.need("discount", subscription["discounts"][-1])
    for given in list(subscription["discounts"]):
        discounts.remove(tx, subscription, given)
    tx.save(subscription, "customer.subscription.updated")
    return {name: value for name, value in last.items() if name != "end"} | {"deleted": True}


OPERATIONS = (
    post("/v1/subscriptions/{id}/pause", pause, PAUSE),
    post("/v1/subscriptions/{id}/resume", resume, RESUME),
    delete("/v1/subscriptions/{id}/discount", drop_discount),
)
