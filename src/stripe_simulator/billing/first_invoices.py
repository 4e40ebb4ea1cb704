"""What a subscription begins with: an invoice that is paid, one that waits, or none."""

from stripe_simulator.billing import (
    drafts,
    entitlements,
    invoices,
    methods,
    standing,
)
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def bill(
    tx: Transaction,
    subscription: Json,
    customer: Json,
    *,
    anchored: bool,
    answer: Verdict | None,
    collects: bool,
) -> Verdict:
    """The first invoice, if there is anything to be billed, and the first try to collect it.

    `anchored`: full periods begin later, so that only what waits is billed.
    """
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_create",
        free=subscription["status"] == "trialing",
        due=[] if anchored else None,
    )
    if not invoice["lines"]["data"]:
        begin_free(tx, subscription, customer)
        return Verdict()
    subscription["latest_invoice"] = invoice["id"]
    announce(tx, subscription, customer)
    if subscription["collection_method"] == "send_invoice" and invoice["amount_due"]:
        begin_unpaid(tx, subscription, invoice)
        return Verdict()
    tx.add(invoice, "invoice.created")
    invoices.finalize(tx, invoice)
    result = first_payment(tx, subscription, invoice, customer, answer, collects=collects)
    entitlements.refresh(tx, customer["id"])
    return result


def announce(tx: Transaction, subscription: Json, customer: Json) -> None:
    tx.save(subscription)
    tx.emit("customer.subscription.created", subscription)
    standing.use_currency(tx, customer, subscription["currency"])
    if subscription["status"] == "trialing":
        standing.warn_of_trial_end(tx, subscription)


def begin_free(tx: Transaction, subscription: Json, customer: Json) -> None:
    """Nothing is billed, not even 0: until the anchor, or until something was used.

    docs.stripe.com/billing/subscriptions/billing-cycle and .../billing-mode/compare.
    """
    if subscription["status"] == "incomplete":
        subscription["status"] = "active"
    announce(tx, subscription, customer)
    entitlements.refresh(tx, customer["id"])


def begin_unpaid(tx: Transaction, subscription: Json, invoice: Json) -> None:
    """The first invoice is sent like every other: an hour later, while the customer uses it."""
    later = tx.now + invoices.FINALIZE_AFTER
    invoice["automatically_finalizes_at"] = later
    tx.schedule("invoice.finalize", invoice["id"], later)
    tx.add(invoice, "invoice.created")
    standing.activate(tx, subscription)


def first_payment(
    tx: Transaction,
    subscription: Json,
    invoice: Json,
    customer: Json,
    answer: Verdict | None,
    *,
    collects: bool,
) -> Verdict:
    result = Verdict()
    if collects or invoice["amount_due"] == 0:
        method = methods.default_method(tx, subscription, customer)
        result = invoices.collect(tx, invoice, method=method, answer=answer)
    if invoice["status"] == "paid":
        standing.activate(tx, subscription)
        return result
    if result.challenge:
        invoices.action_required(tx, invoice)
    elif collects:
        invoices.attempt_failed(tx, invoice, retry=False)
    expires = tx.now + standing.EXPIRES_INCOMPLETE_AFTER
    tx.schedule("subscription.expire", subscription["id"], expires)
    return result
