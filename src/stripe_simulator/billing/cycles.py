"""The end of a period: another one, a pause, or the end."""

from stripe_simulator.billing import (
    canceling,
    drafts,
    entitlements,
    first_parts,
    invoices,
    item_periods,
    missing_card,
    schedules,
    standing,
    usage,
)
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def period_ends(tx: Transaction, id_: str) -> None:
    """The subscription ends as it was set to, or a new period begins with a draft invoice.

    A phase of its schedule may have begun another period already.
    """
    subscription = tx.need("subscription", id_)
    if subscription["cancel_at_period_end"]:
        ends_as_planned(tx, subscription)
        return
    customer = tx.need("customer", subscription["customer"])
    schedules.period_ended(tx, subscription, customer)
    if subscription["status"] in standing.ENDED or item_periods.current_end(subscription) > tx.now:
        return
    if missing_card.stops(tx, subscription, customer):
        return
    trialed = subscription["status"] == "trialing"
    if trialed:
        trial_ends(tx, subscription)
    renew(tx, subscription, customer, trialed=trialed)


def ends_as_planned(tx: Transaction, subscription: Json) -> None:
    """At the end of the period prorations that wait are collected, then it is over."""
    usage.settle(tx, subscription, subscription["items"]["data"], until=tx.now)
    canceling.last_invoice(tx, subscription)
    standing.end(tx, subscription)


def trial_ends(tx: Transaction, subscription: Json) -> None:
    """What was used during the trial is not billed."""
    subscription["status"] = "active"
    if subscription["trial_settings"]["end_behavior"]["billing_cycle_anchor"] == "now":
        subscription["billing_cycle_anchor"] = tx.now
        subscription["billing_cycle_anchor_config"] = None
    for item in subscription["items"]["data"]:
        usage.count_from(subscription, item, tx.now)


def renew(tx: Transaction, subscription: Json, customer: Json, *, trialed: bool) -> None:
    """The new period starts where the old one ended; its invoice stays a draft for an hour."""
    past = item_periods.current_start(subscription)
    due = item_periods.roll(subscription, tx.now)
    if trialed:
        due = first_parts.after_trial(tx, subscription, due)
    standing.plan_renewal(tx, subscription)
    invoice = drafts.draft(
        tx, customer=customer, subscription=subscription, reason="subscription_cycle", due=due
    )
    if trialed and not invoice["lines"]["data"]:
        goes_on_free(tx, subscription)
        return
    later = tx.now + invoices.FINALIZE_AFTER
    paused = subscription["pause_collection"] or {}
    kept = paused.get("behavior") == "keep_as_draft" or subscription["status"] == "unpaid"
    invoice |= {
        "period_start": past,
        "period_end": tx.now,
        "auto_advance": not kept,
        "automatically_finalizes_at": None if kept else later,
        "next_payment_attempt": None if kept else later,
    }
    if not kept:
        tx.schedule("invoice.finalize", invoice["id"], later)
    tx.add(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    tx.save(subscription, "customer.subscription.updated")
    entitlements.refresh(tx, customer["id"])


def goes_on_free(tx: Transaction, subscription: Json) -> None:
    """The trial is over, and until the anchor nothing is charged."""
    tx.save(subscription, "customer.subscription.updated")
    entitlements.refresh(tx, subscription["customer"])


def cancel_at(tx: Transaction, id_: str) -> None:
    ends_as_planned(tx, tx.need("subscription", id_))
