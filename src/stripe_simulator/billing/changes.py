"""Changing a subscription: its items, its rhythm, its trial; and what that costs at once.

docs.stripe.com/billing/subscriptions/change-price and /prorations: prorations wait for the next
invoice unless `always_invoice`; another interval, a move from free to paid or back, an anchor set
to now and a trial that starts or ends begin a new period, which is billed immediately.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal

from stripe_simulator.billing import (
    discounts,
    drafts,
    entitlements,
    invoices,
    pending_updates,
    prorations,
    renewals,
    subscriptions,
)
from stripe_simulator.billing.payments import Verdict, card_error
from stripe_simulator.money import times
from stripe_simulator.objects import subscription as built
from stripe_simulator.objects.catalog import plan
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class Edit:
    """One item: an old one (`id`) to be changed or deleted, or a new one."""

    id: str | None = None
    price: Json | None = None
    quantity: int | None = None
    deleted: bool = False
    metadata: Mapping[str, str] | None = None
    discounts: Sequence[str] | None = None


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
    edit_items(tx, subscription, change)
    changed = {item["id"] for item in changed_items(old, subscription["items"]["data"])}
    trialing = subscription["status"] == "trialing"
    if trialing and not (change.trial_now or change.trial_end or change.anchor_now):
        follow_trial(subscription)
        return Verdict()
    if restarts(before, subscription, change):
        return restart(tx, subscription, customer, change, before)
    if not changed:
        return Verdict()
    join_period(subscription, old)
    if change.proration == "none":
        return Verdict()
    prorate(tx, subscription, old, changed, change.at)
    if change.proration != "always_invoice":
        return Verdict()
    return bill(tx, subscription, customer, change, before, periods=False)


def edit_items(tx: Transaction, subscription: Json, change: Change) -> None:
    items = {item["id"]: item for item in subscription["items"]["data"]}
    for edit in change.edits:
        if edit.id and edit.deleted:
            items.pop(edit.id)
        elif edit.id:
            edit_item(items[edit.id], edit)
        else:
            item = new_item(tx, subscription, edit)
            items[item["id"]] = item
    subscription["items"]["data"] = list(items.values())


def edit_item(item: Json, edit: Edit) -> None:
    if edit.price:
        item["price"], item["plan"] = edit.price, plan(edit.price)
    if edit.quantity is not None:
        item["quantity"] = edit.quantity
    if edit.metadata is not None:
        item["metadata"] = dict(edit.metadata)
    if edit.discounts is not None:
        item["discounts"] = list(edit.discounts)


def new_item(tx: Transaction, subscription: Json, edit: Edit) -> Json:
    assert edit.price is not None  # noqa: S101 -- checked where it was asked for
    item = built.subscription_item(
        tx.new_id("subscription_item"),
        subscription=subscription["id"],
        price=edit.price,
        quantity=1 if edit.quantity is None else edit.quantity,
        metadata=dict(edit.metadata or {}),
        now=tx.now,
    )
    item["discounts"] = list(edit.discounts or ())
    return item


def changed_items(old: Sequence[Json], new: Sequence[Json]) -> list[Json]:
    """Every item, old or new, whose price or quantity is not what it was."""
    before = {item["id"]: (item["price"]["id"], item["quantity"]) for item in old}
    after = {item["id"]: (item["price"]["id"], item["quantity"]) for item in new}
    return [item for item in [*old, *new] if before.get(item["id"]) != after.get(item["id"])]


def restarts(before: Json, after: Json, change: Change) -> bool:
    """Whether a new period begins now."""
    old, new = before["items"]["data"], after["items"]["data"]
    return (
        change.anchor_now
        or change.trial_end is not None
        or change.trial_now
        or rhythm(old) != rhythm(new)
        or is_free(old) != is_free(new)
    )


def rhythm(items: Sequence[Json]) -> tuple[str, int]:
    recurring = items[0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def is_free(items: Sequence[Json]) -> bool:
    return all(full_amount(item) == 0 for item in items)


def full_amount(item: Json) -> int:
    return times(Decimal(item["price"]["unit_amount_decimal"]), item["quantity"])


def follow_trial(subscription: Json) -> None:
    """Nothing is billed during a trial: items share it."""
    start = min(item["current_period_start"] for item in subscription["items"]["data"])
    for item in subscription["items"]["data"]:
        item["current_period_start"] = start
        item["current_period_end"] = subscription["trial_end"]


def join_period(subscription: Json, old: Sequence[Json]) -> None:
    """An added item ends with the others."""
    start = min(item["current_period_start"] for item in old)
    end = max(item["current_period_end"] for item in old)
    for item in subscription["items"]["data"]:
        item["current_period_start"], item["current_period_end"] = start, end


def prorate(
    tx: Transaction, subscription: Json, old: Sequence[Json], changed: set[str], at: int
) -> None:
    """Credits for what changed and was billed; charges for what is there instead."""
    for item in old:
        if item["id"] in changed:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=at)
    items = subscription["items"]["data"]
    amounts = {item["id"]: full_amount(item) for item in items}
    nets, used = discounts.net_prices(tx, subscription, amounts)
    for item in items:
        if item["id"] in changed:
            product = drafts.product_name(tx, item["price"])
            net = Decimal(nets[item["id"]])
            prorations.charge(tx, subscription, item, product=product, net=net, at=at)
    discounts.consume(tx, subscription, used)


def restart(
    tx: Transaction, subscription: Json, customer: Json, change: Change, before: Json
) -> Verdict:
    """A new period from now on, billed at once, less what was paid for and not used."""
    if change.proration != "none":
        for item in before["items"]["data"]:
            product = drafts.product_name(tx, item["price"])
            prorations.credit(tx, subscription, item, product=product, at=change.at)
    if change.trial_end:
        extend_trial(tx, subscription, change.trial_end)
    else:
        end_trial(tx, subscription)
    subscriptions.set_periods(subscription, tx.now)
    subscriptions.plan_renewal(tx, subscription)
    return bill(
        tx,
        subscription,
        customer,
        change,
        before,
        periods=True,
        free=subscription["status"] == "trialing",
    )


def extend_trial(tx: Transaction, subscription: Json, trial_end: int) -> None:
    started = subscription["trial_start"] if subscription["status"] == "trialing" else tx.now
    subscriptions.begin_trial(tx, subscription, trial_end)
    subscription["trial_start"] = started
    subscriptions.warn_of_trial_end(tx, subscription)


def end_trial(tx: Transaction, subscription: Json) -> None:
    tx.unschedule("subscription.trial_will_end", subscription["id"])
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
        subscription["trial_end"] = tx.now
    subscription["billing_cycle_anchor"] = tx.now


def bill(
    tx: Transaction,
    subscription: Json,
    customer: Json,
    change: Change,
    before: Json,
    *,
    periods: bool,
    free: bool = False,
) -> Verdict:
    """The invoice of the change, finalized and (unless it waits for the customer) collected."""
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_update",
        free=free,
        periods=periods,
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
