"""Pausing: the collection of payments, or the whole subscription.

docs.stripe.com/billing/subscriptions/pause-payment and .../pause: while collection is paused the
invoices of renewals are kept as drafts, made void, or marked uncollectible; a paused subscription
has no periods at all until it is resumed.
"""

from decimal import Decimal

from stripe_simulator.billing import (
    changes,
    discounts,
    drafts,
    entitlements,
    invoices,
    prorations,
    renewals,
    resuming,
    subscriptions,
)
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def pause_collection(tx: Transaction, subscription: Json, behavior: str, until: int | None) -> None:
    """The caller saves the subscription."""
    subscription["pause_collection"] = {"behavior": behavior, "resumes_at": until}
    if until:
        tx.schedule("subscription.resume_collection", subscription["id"], until)
    else:
        tx.unschedule("subscription.resume_collection", subscription["id"])


def collect_again(tx: Transaction, subscription: Json) -> None:
    subscription["pause_collection"] = None
    tx.unschedule("subscription.resume_collection", subscription["id"])


def collection_resumes(tx: Transaction, id_: str) -> None:
    subscription = tx.need("subscription", id_)
    collect_again(tx, subscription)
    tx.save(subscription, "customer.subscription.updated")


def pause(
    tx: Transaction, subscription: Json, customer: Json, *, credits_unused: bool, invoices_now: bool
) -> None:
    """Stops it as asked for. `credits_unused`: what was paid for the time from now on."""
    if credits_unused:
        for item in subscription["items"]["data"]:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=tx.now)
    if invoices_now:
        settle(tx, subscription, customer)
    stop(tx, subscription, why="pause_requested")


def stop(tx: Transaction, subscription: Json, *, why: str) -> None:
    """`paused`: nothing is billed, and features are gone."""
    for what in ("period_end", "trial_will_end", "upcoming"):
        tx.unschedule(f"subscription.{what}", subscription["id"])
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {
            "subscription": {"type": why},
            "transitioned_at": tx.now,
            "type": "subscription",
        }
    }
    tx.save(subscription, "customer.subscription.updated")
    tx.emit("customer.subscription.paused", subscription)
    entitlements.refresh(tx, subscription["customer"])


def settle(tx: Transaction, subscription: Json, customer: Json) -> None:
    """What waits is invoiced and collected at once."""
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        periods=False,
    )
    if invoice["lines"]["data"]:
        tx.add(invoice, "invoice.created")
        subscription["latest_invoice"] = invoice["id"]
        invoices.finalize(tx, invoice)
        renewals.attempt(tx, invoice, retry=False)


def resume(
    tx: Transaction,
    subscription: Json,
    customer: Json,
    *,
    anchor_now: bool,
    proration: str,
    needs_payment: bool,
) -> None:
    """Goes on with a new period from now, or with what is left of the old one.

    `needs_payment`: it stays paused until its invoice is paid.
    """
    if anchor_now or subscriptions.current_end(subscription) <= tx.now:
        if anchor_now:
            subscription["billing_cycle_anchor"] = tx.now
        subscriptions.set_periods(subscription, tx.now)
        invoice = bill(tx, subscription, customer, periods=True)
    else:
        if proration != "none":
            charge_rest(tx, subscription)
        invoice = bill(tx, subscription, customer, periods=False)
    paid = invoice is None or invoice["status"] == "paid"
    if paid or not needs_payment:
        resuming.go_on(tx, subscription)
        return
    subscription["_resumes_with"] = invoice["id"] if invoice else None
    tx.save(subscription, "customer.subscription.updated")


def charge_rest(tx: Transaction, subscription: Json) -> None:
    """The time that is left of the period, for items that nothing was billed for."""
    items = subscription["items"]["data"]
    amounts = {item["id"]: changes.full_amount(item) for item in items}
    nets, used = discounts.net_prices(tx, subscription, amounts)
    for item in items:
        if subscription.get("_billed", {}).get(item["id"]):
            continue
        product = drafts.product_name(tx, item["price"])
        net = Decimal(nets[item["id"]])
        prorations.charge(tx, subscription, item, product=product, net=net, at=tx.now)
    discounts.consume(tx, subscription, used)


def bill(tx: Transaction, subscription: Json, customer: Json, *, periods: bool) -> Json | None:
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        periods=periods,
    )
    if not invoice["lines"]["data"]:
        return None
    tx.add(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(tx, invoice)
    renewals.attempt(tx, invoice, retry=False)
    return invoice
