"""Automatic tax when an invoice is finalized: it is that of this day, and it needs a place.

docs.stripe.com/tax/customer-locations: without one a renewal goes out without tax, and automatic
tax is off from then on; an invoice that somebody finalizes, or that belongs to no subscription,
stays a draft.
"""

from stripe_simulator.billing import totals
from stripe_simulator.errors import DOCS, StripeError
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.location import INVALID, NOT_RECOGNIZED


def settle(tx: Transaction, invoice: Json, customer: Json) -> None:
    if not invoice["automatic_tax"]["enabled"]:
        return
    totals.reckon(tx, invoice, customer)
    if invoice["automatic_tax"]["status"] == "complete":
        return
    reason = "finalization_requires_location_inputs"
    invoice["automatic_tax"] |= {"enabled": False, "disabled_reason": reason, "liability": None}
    switch_off(tx, invoice)


def switch_off(tx: Transaction, invoice: Json) -> None:
    details = (invoice["parent"] or {}).get("subscription_details")
    subscription = tx.get(details["subscription"], "subscription") if details else None
    if subscription is None:
        return
    subscription["automatic_tax"] = {
        "disabled_reason": "requires_location_inputs",
        "enabled": False,
        "liability": None,
    }
    tx.save(subscription, "customer.subscription.updated")


def lacks_place(tx: Transaction, invoice: Json) -> bool:
    if not invoice["automatic_tax"]["enabled"]:
        return False
    totals.reckon(tx, invoice, tx.need("customer", invoice["customer"]))
    return bool(invoice["automatic_tax"]["status"] != "complete")


def stays_a_draft(tx: Transaction, invoice: Json) -> None:
    """Tells of the attempt; nobody tries again by himself."""
    invoice["last_finalization_error"] = {
        "code": INVALID,
        "doc_url": DOCS + INVALID.replace("_", "-"),
        "message": NOT_RECOGNIZED,
        "type": "invalid_request_error",
    }
    tx.publish(invoice, "invoice.finalization_failed")


def check(tx: Transaction, invoice: Json) -> None:
    """Somebody finalizes it. Errors: 400 when nobody knows where the customer is."""
    if lacks_place(tx, invoice):
        stays_a_draft(tx, invoice)
        raise StripeError(400, NOT_RECOGNIZED, code=INVALID, keeps_changes=True)
