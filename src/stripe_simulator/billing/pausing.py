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
    item_periods,
    pricing,
    prorations,
    renewals,
    resuming,
    usage,
)
from stripe_simulator.billing.item_periods import Due
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
        due=[],
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
    due = begin_again(tx, subscription, anchor_now=anchor_now)
    if proration != "none":
        charge_rest(tx, subscription, billed={one.item["id"] for one in due})
    invoice = bill(tx, subscription, customer, due)
    paid = invoice is None or invoice["status"] == "paid"
    if paid or not needs_payment:
        resuming.go_on(tx, subscription)
        return
    subscription["_resumes_with"] = invoice["id"] if invoice else None
    tx.save(subscription, "customer.subscription.updated")


def begin_again(tx: Transaction, subscription: Json, *, anchor_now: bool) -> list[Due]:
    """Items whose period is over begin another one now; what they used meanwhile is free."""
    for item in subscription["items"]["data"]:
        usage.count_from(subscription, item, tx.now)
    if anchor_now:
        subscription["billing_cycle_anchor"] = tx.now
        subscription["billing_cycle_anchor_config"] = None
        return item_periods.set_all(subscription, tx.now)
    due = []
    for item in subscription["items"]["data"]:
        if item["current_period_end"] <= tx.now:
            item["current_period_start"] = tx.now
            item["current_period_end"] = item_periods.end_of(subscription, item, tx.now)
            due.append(Due(item))
    return due


def charge_rest(tx: Transaction, subscription: Json, *, billed: set[str]) -> None:
    """The time that is left of the period, for items that nothing was billed for."""
    items = subscription["items"]["data"]
    amounts = {item["id"]: changes.full_amount(tx, subscription, item) for item in items}
    nets, used = discounts.net_prices(tx, subscription, amounts)
    for item in items:
        known = subscription.get("_billed", {}).get(item["id"]) or item["id"] in billed
        if known or pricing.is_metered(item["price"]):
            continue
        product = drafts.product_name(tx, item["price"])
        net = Decimal(nets[item["id"]])
        prorations.charge(tx, subscription, item, product=product, net=net, at=tx.now)
    discounts.consume(tx, subscription, used)


def bill(tx: Transaction, subscription: Json, customer: Json, due: list[Due]) -> Json | None:
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        due=due,
    )
    if not invoice["lines"]["data"]:
        return None
    tx.add(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(tx, invoice)
    renewals.attempt(tx, invoice, retry=False)
    return invoice
