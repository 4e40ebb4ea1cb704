"""The end of a subscription that somebody asked for.

docs.stripe.com/billing/subscriptions/cancel: prorations that wait are dropped when it ends at once,
unless they are invoiced with it; at the end of the period they are collected.
"""

from stripe_simulator.billing import (
    drafts,
    invoice_items,
    invoices,
    prorations,
    renewals,
    schedule_states,
    standing,
    usage,
)
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def now(tx: Transaction, subscription: Json, *, prorates: bool, invoices_now: bool) -> None:
    """`prorates`: credit for the unused time. `invoices_now`: a last invoice for all that waits."""
    if not invoices_now:
        drop_pending(tx, subscription)
    if invoices_now and subscription["status"] != "trialing":
        usage.settle(tx, subscription, subscription["items"]["data"], until=tx.now)
    if prorates and subscription["status"] != "trialing":
        for item in subscription["items"]["data"]:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=tx.now)
    if invoices_now:
        last_invoice(tx, subscription)
    standing.end(tx, subscription, reason="cancellation_requested")
    schedule_states.aborted(tx, subscription)


def waiting(tx: Transaction, subscription: Json) -> list[Json]:
    found = invoice_items.pending(
        tx,
        subscription["customer"],
        currency=subscription["currency"],
        subscription=subscription["id"],
    )
    return [item for item in found if invoice_items.owner(item) == subscription["id"]]


def drop_pending(tx: Transaction, subscription: Json) -> None:
    for item in waiting(tx, subscription):
        if item["proration"]:
            tx.remove(item, "invoiceitem.deleted")


def last_invoice(tx: Transaction, subscription: Json) -> None:
    """All that waits, invoiced and collected at once; a credit goes to the customer's balance."""
    customer = tx.get(subscription["customer"])
    if customer is None or customer.get("deleted") or not waiting(tx, subscription):
        return
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        due=[],
    )
    tx.add(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(tx, invoice)
    renewals.attempt(tx, invoice, retry=False)
