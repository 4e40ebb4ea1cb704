"""What time brings to subscriptions and invoices. Each function is one kind of timer."""

from stripe_simulator.billing import (
    collection,
    entitlements,
    final_taxes,
    invoices,
    methods,
    pending_updates,
    period_lines,
    resuming,
    standing,
    totals,
)
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.billing.retries import policy
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def finalizes(tx: Transaction, id_: str) -> None:
    invoice = tx.need("invoice", id_)
    if invoice["status"] == "draft" and invoice["auto_advance"]:
        if invoice["parent"] is None and final_taxes.lacks_place(tx, invoice):
            final_taxes.stays_a_draft(tx, invoice)
            return
        late_usage(tx, invoice)
        invoices.finalize(tx, invoice)
        if collection.is_charged(tx, invoice, subscription_of(tx, invoice)):
            attempt(tx, invoice)


def late_usage(tx: Transaction, invoice: Json) -> None:
    """Usage of the period that was reported while the invoice was a draft is on it, too.

    docs.stripe.com/billing/subscriptions/usage-based/configure-grace-period.
    """
    subscription = subscription_of(tx, invoice)
    if subscription and period_lines.count_again(tx, invoice, subscription):
        totals.reckon(tx, invoice, tx.need("customer", invoice["customer"]))


def retries(tx: Transaction, id_: str) -> None:
    invoice = tx.need("invoice", id_)
    if invoice["status"] == "open":
        attempt(tx, invoice)


def attempt(
    tx: Transaction,
    invoice: Json,
    *,
    method: Json | None = None,
    retry: bool = True,
    answer: Verdict | None = None,
    on_session: bool = False,
) -> Verdict:
    """Tries to have it paid, by `method` or the default card, and lets the subscription follow."""
    customer = tx.need("customer", invoice["customer"])
    subscription = subscription_of(tx, invoice)
    card = method or methods.default_method(tx, invoice, subscription or {}, customer)
    result = invoices.collect(tx, invoice, method=card, answer=answer, on_session=on_session)
    if invoice["status"] == "paid":
        paid(tx, subscription, customer, invoice)
        return result
    if result.challenge:
        invoices.action_required(tx, invoice)
    if not retry:
        tx.save(invoice, "invoice.updated")
        if not (result.challenge and on_session):
            tx.emit("invoice.payment_failed", invoice)
        return result
    invoices.attempt_failed(tx, invoice, retry=True)
    if subscription:
        unpaid(tx, subscription, customer, invoice)
    return result


def subscription_of(tx: Transaction, invoice: Json) -> Json | None:
    if invoice["parent"] is None:
        return None
    return tx.get(invoice["parent"]["subscription_details"]["subscription"], "subscription")


def paid(tx: Transaction, subscription: Json | None, customer: Json, invoice: Json) -> None:
    if subscription:
        pending_updates.paid(tx, subscription, invoice)
        resuming.paid(tx, subscription, invoice)
    if subscription and subscription["latest_invoice"] == invoice["id"]:
        standing.activate(tx, subscription)
    others = tx.find("invoice", customer=customer["id"], status="open")
    if customer["delinquent"] and not any(other["attempted"] for other in others):
        customer["delinquent"] = False
        tx.save(customer, "customer.updated")


def unpaid(tx: Transaction, subscription: Json, customer: Json, invoice: Json) -> None:
    """Past due while attempts are left; canceled after the last."""
    if not customer["delinquent"]:
        customer["delinquent"] = True
        tx.save(customer, "customer.updated")
    if invoice["next_payment_attempt"] is None:
        give_up(tx, subscription, invoice)
    elif subscription["status"] == "active":
        subscription["status"] = "past_due"
        tx.save(subscription, "customer.subscription.updated")
        entitlements.refresh(tx, customer["id"])


def give_up(tx: Transaction, subscription: Json, invoice: Json) -> None:
    """The last try failed: the subscription ends, waits unpaid, or is left past due."""
    then = policy(tx).then
    if then == "cancel":
        standing.end(tx, subscription, reason="payment_failed")
        return
    invoices.stop_collecting(tx, invoice)
    if then == "unpaid" or subscription["status"] == "active":
        subscription["status"] = then
        tx.save(subscription, "customer.subscription.updated")
        entitlements.refresh(tx, subscription["customer"])


def trial_will_end(tx: Transaction, id_: str) -> None:
    tx.emit("customer.subscription.trial_will_end", tx.need("subscription", id_))


def expires(tx: Transaction, id_: str) -> None:
    """Never paid within 23 hours: the subscription is over and its invoice void."""
    subscription = tx.need("subscription", id_)
    if subscription["status"] != "incomplete":
        return
    for what in standing.TIMERS:
        tx.unschedule(f"subscription.{what}", id_)
    subscription["status"] = "incomplete_expired"
    subscription["ended_at"] = tx.now
    tx.save(subscription, "customer.subscription.updated")
    for invoice in tx.find("invoice", subscription=id_, status="open"):
        invoices.void(tx, invoice)
