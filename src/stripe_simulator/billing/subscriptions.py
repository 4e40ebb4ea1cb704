"""A subscription's beginning; the rest of its life is in the modules beside this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stripe_simulator.billing import first_invoices, first_parts, invoice_items, promotions
from stripe_simulator.billing.item_periods import current_end, current_start, latest_end, set_all
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.billing.standing import ENDED, begin_trial, end, plan_renewal
from stripe_simulator.objects import subscription as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

__all__ = [
    "ENDED",
    "Beginning",
    "Wanted",
    "current_end",
    "current_start",
    "end",
    "latest_end",
    "plan_renewal",
    "start",
]


@dataclass(frozen=True)
class Wanted:
    """One item to be subscribed to. `tax_rates`: whole objects; none means the default ones."""

    price: Json
    quantity: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    discounts: Sequence[Json] = ()
    tax_rates: Sequence[Json] = ()


@dataclass(frozen=True)
class Beginning:
    """`anchor`: from where full periods are counted, and `config` the day that it stands for.

    `prorates`: whether the time until then, less a trial, is charged. `extras`: invoice items, not
    kept yet.
    """

    anchor: int | None = None
    config: Json | None = None
    prorates: bool = True
    extras: Sequence[Json] = ()
    currency: str | None = None


def start(
    tx: Transaction,
    *,
    customer: Json,
    wanted: Sequence[Wanted],
    trial_end: int | None = None,
    answer: Verdict | None = None,
    collects: bool = True,
    discounts: Sequence[Json] | None = None,
    beginning: Beginning | None = None,
    **settings: Any,
) -> tuple[Json, Verdict]:
    """Creates a subscription and its first invoice, and tries to have it paid.

    `answer` is the bank's, when it was asked before; `collects` is False when the customer is to
    pay the first invoice in a browser (`default_incomplete`). `settings` are members of the object.
    """
    how = beginning or Beginning()
    currency = how.currency or wanted[0].price["currency"]
    subscription = compose(tx, customer, wanted, currency) | settings
    set_time(tx, subscription, trial_end, how)
    tx.add(subscription)
    give_discounts(tx, subscription, wanted, discounts or ())
    for extra in how.extras:
        invoice_items.belong(tx, extra, subscription)
    anchored = how.anchor is not None and trial_end is None
    if anchored and not how.prorates:
        first_invoices.begin_free(tx, subscription, customer)
        return subscription, Verdict()
    if anchored:
        first_parts.charge(tx, subscription, subscription["items"]["data"])
    result = first_invoices.bill(
        tx,
        subscription,
        customer,
        anchored=anchored,
        answer=answer,
        collects=collects,
    )
    return subscription, result


def compose(tx: Transaction, customer: Json, wanted: Sequence[Wanted], currency: str) -> Json:
    id_ = tx.new_id("subscription")
    items = [
        built.subscription_item(
            tx.new_id("subscription_item"),
            subscription=id_,
            price=item.price,
            quantity=item.quantity,
            metadata=dict(item.metadata),
            tax_rates=list(item.tax_rates),
            now=tx.now,
        )
        for item in wanted
    ]
    return built.subscription(
        id_, customer=customer["id"], currency=currency, items=items, now=tx.now
    )


def set_time(tx: Transaction, subscription: Json, trial_end: int | None, how: Beginning) -> None:
    if trial_end:
        begin_trial(tx, subscription, trial_end)
    if how.anchor:
        subscription["billing_cycle_anchor"] = how.anchor
        subscription["billing_cycle_anchor_config"] = how.config
        if not how.prorates:
            subscription["_free_until_anchor"] = True
    elif trial_end and first_parts.keeps_anchor(subscription):
        subscription["billing_cycle_anchor"] = tx.now
    set_all(subscription, tx.now)
    plan_renewal(tx, subscription)


def first_amount(tx: Transaction, subscription: Json) -> int:
    """Of a whole period, before discounts; nothing while a trial comes first."""
    if subscription["status"] == "trialing":
        return 0
    items = subscription["items"]["data"]
    return sum(first_parts.whole_amount(tx, subscription, item) for item in items)


def give_discounts(
    tx: Transaction, subscription: Json, wanted: Sequence[Wanted], whole: Sequence[Json]
) -> None:
    """Coupons and promotion codes become discounts of the subscription and of its items."""
    amount = first_amount(tx, subscription) if whole else None
    subscription["discounts"] = promotions.given(
        tx, subscription, whole, path="discounts", amount=amount
    )
    for place, item in enumerate(subscription["items"]["data"]):
        item["discounts"] = promotions.given(
            tx, subscription, wanted[place].discounts, path=f"items[{place}][discounts]", item=item
        )
