"""Changing a subscription: its items, its rhythm, its trial; and what that costs at once.

docs.stripe.com/billing/subscriptions/change-price and /prorations: prorations wait for the next
invoice unless `always_invoice`; another interval, a move from free to paid or back, an anchor set
to now and a trial that starts or ends begin a new period, which is billed immediately.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal

from stripe_simulator.billing import (
    discounts,
    drafts,
    entitlements,
    invoices,
    item_periods,
    missing_card,
    pending_updates,
    pricing,
    prorations,
    renewals,
    standing,
    usage,
)
from stripe_simulator.billing.item_edits import Edit, changed_items, edit_items, leaving
from stripe_simulator.billing.item_periods import Due
from stripe_simulator.billing.payments import Verdict, card_error
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class Change:
    """`at`: the second from which prorations count. `trial_end`: of a trial that begins now."""

    at: int
    edits: Sequence[Edit] = field(default_factory=tuple)
    proration: str = "create_prorations"
    payment: str = "allow_incomplete"
    anchor_now: bool = False
    trial_end: int | None = None
    trial_now: bool = False


def apply(tx: Transaction, subscription: Json, customer: Json, change: Change) -> Verdict:
    """The caller saves the subscription and tells of it. Errors: 402 for `error_if_incomplete`."""
    before = deepcopy(subscription)
    old = before["items"]["data"]
    trialing = subscription["status"] == "trialing"
    settle_usage(tx, subscription, change)
    edit_items(tx, subscription, change.edits)
    changed = {item["id"] for item in changed_items(old, subscription["items"]["data"])}
    if trialing and not (change.trial_now or change.trial_end or change.anchor_now):
        follow_trial(subscription)
        return Verdict()
    if restarts(tx, before, subscription, change):
        return restart(tx, subscription, customer, change, before)
    if not changed:
        return Verdict()
    item_periods.join(subscription, old, tx.now)
    if item_periods.current_end(subscription) != item_periods.current_end(before):
        standing.plan_renewal(tx, subscription)
    if change.proration == "none":
        return Verdict()
    prorate(tx, subscription, old, changed, change.at)
    if change.proration != "always_invoice":
        return Verdict()
    return bill(tx, subscription, customer, change, before, due=[])


def restarts(tx: Transaction, before: Json, after: Json, change: Change) -> bool:
    """Whether a new period begins now: not while some items keep to the interval of others."""
    old, new = before["items"]["data"], after["items"]["data"]
    return (
        change.anchor_now
        or change.trial_end is not None
        or change.trial_now
        or not rhythms(old) & rhythms(new)
        or is_free(tx, after, old) != is_free(tx, after, new)
    )


def rhythms(items: Sequence[Json]) -> set[tuple[str, int]]:
    return {item_periods.rhythm(item) for item in items}


def is_free(tx: Transaction, subscription: Json, items: Sequence[Json]) -> bool:
    """Metered prices are never free: nobody knows what will be used."""
    return not any(
        pricing.is_metered(item["price"]) or full_amount(tx, subscription, item) for item in items
    )


def full_amount(tx: Transaction, subscription: Json, item: Json) -> int:
    """Of a whole period, in advance."""
    if pricing.is_metered(item["price"]):
        return 0
    return pricing.total(tx, item["price"], item["quantity"], subscription["currency"])


def settle_usage(tx: Transaction, subscription: Json, change: Change) -> None:
    """What a metered price has measured is billed when that price goes, or its period ends."""
    if subscription["status"] == "trialing" or change.proration == "none":
        return
    going = leaving(subscription, change.edits)
    if change.anchor_now or change.trial_end is not None:
        going = subscription["items"]["data"]
    usage.settle(tx, subscription, going, until=tx.now)


def follow_trial(subscription: Json) -> None:
    """Nothing is billed during a trial: items share it."""
    start = min(item["current_period_start"] for item in subscription["items"]["data"])
    for item in subscription["items"]["data"]:
        item["current_period_start"] = start
        item["current_period_end"] = subscription["trial_end"]


def prorate(
    tx: Transaction, subscription: Json, old: Sequence[Json], changed: set[str], at: int
) -> None:
    """Credits for what changed and was billed; charges for what is there instead."""
    for item in old:
        if item["id"] in changed:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=at)
    items = subscription["items"]["data"]
    amounts = {item["id"]: full_amount(tx, subscription, item) for item in items}
    nets, used = discounts.net_prices(tx, subscription, amounts)
    for item in items:
        if item["id"] in changed and not pricing.is_metered(item["price"]):
            product = drafts.product_name(tx, item["price"])
            net = Decimal(nets[item["id"]])
            prorations.charge(tx, subscription, item, product=product, net=net, at=at)
    discounts.consume(tx, subscription, used)


def restart(
    tx: Transaction, subscription: Json, customer: Json, change: Change, before: Json
) -> Verdict:
    """A new period from now on, billed at once, less what was paid for and not used."""
    if change.trial_now and missing_card.stops(tx, subscription, customer):
        return Verdict()
    if change.proration != "none":
        for item in before["items"]["data"]:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=change.at)
    if change.trial_end:
        extend_trial(tx, subscription, change.trial_end)
    else:
        end_trial(tx, subscription)
    due = item_periods.set_all(subscription, tx.now)
    standing.plan_renewal(tx, subscription)
    return bill(
        tx,
        subscription,
        customer,
        change,
        before,
        due=due,
        free=subscription["status"] == "trialing",
    )


def extend_trial(tx: Transaction, subscription: Json, trial_end: int) -> None:
    started = subscription["trial_start"] if subscription["status"] == "trialing" else tx.now
    standing.begin_trial(tx, subscription, trial_end)
    subscription["trial_start"] = started
    standing.warn_of_trial_end(tx, subscription)


def end_trial(tx: Transaction, subscription: Json) -> None:
    tx.unschedule("subscription.trial_will_end", subscription["id"])
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
        subscription["trial_end"] = tx.now
    subscription["billing_cycle_anchor"] = tx.now
    subscription["billing_cycle_anchor_config"] = None


def bill(
    tx: Transaction,
    subscription: Json,
    customer: Json,
    change: Change,
    before: Json,
    *,
    due: Sequence[Due],
    free: bool = False,
) -> Verdict:
    """The invoice of the change, finalized and (unless it waits for the customer) collected."""
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        free=free,
        due=due,
    )
    if not invoice["lines"]["data"]:
        return Verdict()
    tx.add(invoice, "invoice.created")
    subscription["latest_invoice"] = invoice["id"]
    invoices.finalize(tx, invoice)
    if invoice["collection_method"] == "send_invoice" and invoice["amount_due"]:
        return Verdict()
    answer = take_payment(tx, subscription, invoice, change, before)
    entitlements.refresh(tx, customer["id"])
    return answer


def take_payment(
    tx: Transaction, subscription: Json, invoice: Json, change: Change, before: Json
) -> Verdict:
    waits = change.payment == "default_incomplete" and invoice["amount_due"] > 0
    pends = change.payment == "pending_if_incomplete"
    answer = Verdict()
    if not waits:
        retry = change.payment in ("allow_incomplete", "default_incomplete")
        answer = renewals.attempt(tx, invoice, retry=retry)
    if answer.decline and change.payment == "error_if_incomplete":
        error = card_error(answer.decline)
        error.keeps_changes = False
        raise error
    if invoice["status"] != "paid" and pends:
        pending_updates.wait(tx, subscription, before, invoice)
    elif invoice["status"] != "paid" and waits and subscription["status"] == "active":
        subscription["status"] = "past_due"
    return answer
