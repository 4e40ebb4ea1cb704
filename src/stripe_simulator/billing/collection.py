"""What follows when an invoice of a subscription is finalized: sent, charged, or neither.

docs.stripe.com/invoicing/integration/automatic-advancement-collection.
"""

from stripe_simulator.billing import invoices
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction


def is_charged(tx: Transaction, invoice: Json, subscription: Json | None) -> bool:
    """Whether a card is to be charged now; otherwise what is to be done has been done."""
    paused = (subscription or {}).get("pause_collection")
    if paused and invoice["amount_due"] > 0:
        set_aside(tx, invoice, paused["behavior"])
        return False
    if invoice["collection_method"] == "send_invoice" and invoice["amount_due"] > 0:
        send(tx, invoice)
        return False
    return True


def set_aside(tx: Transaction, invoice: Json, behavior: str) -> None:
    if behavior == "void":
        invoices.void(tx, invoice)
    elif behavior == "mark_uncollectible":
        mark_uncollectible(tx, invoice, reason="subscription_paused")


def mark_uncollectible(tx: Transaction, invoice: Json, *, reason: str) -> None:
    """`reason`: Stripe's word for why nobody waits for the money any more."""
    invoices.stop_collecting(tx, invoice)
    invoice["status"] = "uncollectible"
    invoice["status_details"] = {"uncollectible": {"reason": reason}}
    invoice["status_transitions"]["marked_uncollectible_at"] = tx.now
    tx.save(invoice, "invoice.updated")
    tx.emit("invoice.marked_uncollectible", invoice)


def set_due_date(tx: Transaction, invoice: Json) -> None:
    """Counted from the day on which the invoice is finalized."""
    days = invoice.get("_days_until_due")
    if invoice["due_date"] is None and days is not None:
        invoice["due_date"] = tx.now + days * DAY
    if invoice["due_date"]:
        tx.schedule("invoice.overdue", invoice["id"], invoice["due_date"])


def send(tx: Transaction, invoice: Json) -> None:
    set_due_date(tx, invoice)
    tx.save(invoice, "invoice.updated")
    tx.emit("invoice.sent", invoice)


def follow(tx: Transaction, invoice: Json) -> None:
    """Somebody has finalized it: paid when nothing is due, else charged within the hour."""
    if invoice["amount_due"] == 0:
        invoices.mark_paid(tx, invoice)
    elif invoice["collection_method"] == "send_invoice":
        set_due_date(tx, invoice)
        tx.save(invoice, "invoice.updated")
    elif invoice["auto_advance"]:
        invoice["next_payment_attempt"] = tx.now + invoices.FINALIZE_AFTER
        tx.schedule("invoice.retry", invoice["id"], invoice["next_payment_attempt"])
        tx.save(invoice, "invoice.updated")


def overdue(tx: Transaction, id_: str) -> None:
    """The due date has passed and nobody has paid; the subscription is past due."""
    invoice = tx.need("invoice", id_)
    if invoice["status"] != "open":
        return
    tx.emit("invoice.overdue", invoice)
    details = (invoice["parent"] or {}).get("subscription_details")
    subscription = tx.get(details["subscription"]) if details else None
    if subscription and subscription["status"] == "active":
        subscription["status"] = "past_due"
        tx.save(subscription, "customer.subscription.updated")
