"""A subscription from its first invoice to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from stripe_simulator.billing import (
    drafts,
    entitlements,
    invoices,
    methods,
    promotions,
    prorations,
)
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.clock.periods import period_end, period_start
from stripe_simulator.money import times
from stripe_simulator.objects import subscription as built
from stripe_simulator.shapes import DAY, HOUR, Json
from stripe_simulator.state.transaction import Transaction

EXPIRES_INCOMPLETE_AFTER = 23 * HOUR
TRIAL_WARNING = 3 * DAY
UPCOMING_NOTICE = 7 * DAY
TIMERS = (
    "cancel_at",
    "drop_update",
    "expire",
    "period_end",
    "resume_collection",
    "trial_will_end",
    "upcoming",
)
ENDED = ("canceled", "incomplete_expired")


@dataclass(frozen=True)
class Wanted:
    """One item to be subscribed to."""

    price: Json
    quantity: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    discounts: Sequence[Json] = ()


def start(
    tx: Transaction,
    *,
    customer: Json,
    wanted: Sequence[Wanted],
    trial_end: int | None = None,
    answer: Verdict | None = None,
    collects: bool = True,
    discounts: Sequence[Json] | None = None,
    anchor: int | None = None,
    prorates: bool = True,
    **settings: Any,
) -> tuple[Json, Verdict]:
    """Creates a subscription and its first invoice, and tries to have it paid.

    `answer` is the bank's, when it was asked before; `collects` is False when the customer is to
    pay the first invoice in a browser (`default_incomplete`). `settings` are members of the object.
    """
    subscription = compose(tx, customer=customer, wanted=wanted, settings=settings)
    if trial_end:
        begin_trial(tx, subscription, trial_end)
    if anchor:
        subscription["billing_cycle_anchor"] = anchor
    set_periods(subscription, tx.now)
    plan_renewal(tx, subscription)
    tx.add(subscription)
    give_discounts(tx, subscription, wanted, discounts or ())
    if anchor and not prorates:
        return begin_free(tx, subscription, customer), Verdict()
    if anchor:
        starts_before_anchor(tx, subscription)
    invoice = drafts.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_create",
        free=bool(trial_end),
        periods=not anchor,
    )
    subscription["latest_invoice"] = invoice["id"]
    tx.save(subscription)
    tx.emit("customer.subscription.created", subscription)
    use_currency(tx, customer, subscription["currency"])
    if trial_end:
        warn_of_trial_end(tx, subscription)
    if subscription["collection_method"] == "send_invoice" and invoice["amount_due"]:
        begin_unpaid(tx, subscription, invoice)
        return subscription, Verdict()
    tx.add(invoice, "invoice.created")
    invoices.finalize(tx, invoice)
    result = first_payment(tx, subscription, invoice, customer, answer, collects=collects)
    entitlements.refresh(tx, customer["id"])
    return subscription, result


def compose(
    tx: Transaction, *, customer: Json, wanted: Sequence[Wanted], settings: Mapping[str, Any]
) -> Json:
    id_ = tx.new_id("subscription")
    items = [
        built.subscription_item(
            tx.new_id("subscription_item"),
            subscription=id_,
            price=item.price,
            quantity=item.quantity,
            metadata=dict(item.metadata),
            now=tx.now,
        )
        for item in wanted
    ]
    currency = wanted[0].price["currency"]
    subscription = built.subscription(
        id_, customer=customer["id"], currency=currency, items=items, now=tx.now
    )
    return subscription | dict(settings)


def give_discounts(
    tx: Transaction, subscription: Json, wanted: Sequence[Wanted], whole: Sequence[Json]
) -> None:
    """Coupons and promotion codes become discounts of the subscription and of its items."""
    subscription["discounts"] = promotions.given(tx, subscription, whole, path="discounts")
    for place, item in enumerate(subscription["items"]["data"]):
        item["discounts"] = promotions.given(
            tx, subscription, wanted[place].discounts, path=f"items[{place}][discounts]", item=item
        )


def begin_free(tx: Transaction, subscription: Json, customer: Json) -> Json:
    """Nothing is billed, not even 0, until the anchor.

    docs.stripe.com/billing/subscriptions/billing-cycle.
    """
    subscription["status"] = "active"
    tx.save(subscription)
    tx.emit("customer.subscription.created", subscription)
    use_currency(tx, customer, subscription["currency"])
    entitlements.refresh(tx, customer["id"])
    return subscription


def starts_before_anchor(tx: Transaction, subscription: Json) -> None:
    """Until the anchor only a part of a period is charged."""
    for item in subscription["items"]["data"]:
        first_part(tx, subscription, item)


def first_part(tx: Transaction, subscription: Json, item: Json) -> None:
    recurring = item["price"]["recurring"]
    end = item["current_period_end"]
    whole = period_start(
        anchor=subscription["billing_cycle_anchor"],
        end=end,
        interval=recurring["interval"],
        count=recurring["interval_count"],
    )
    amount = times(Decimal(item["price"]["unit_amount_decimal"]), item["quantity"])
    prorations.charge(
        tx,
        subscription,
        item,
        product=drafts.product_name(tx, item["price"]),
        net=Decimal(amount),
        at=tx.now,
        start=whole,
    )


def begin_trial(tx: Transaction, subscription: Json, trial_end: int) -> None:
    subscription |= {
        "status": "trialing",
        "trial_start": tx.now,
        "trial_end": trial_end,
        "billing_cycle_anchor": trial_end,
    }


def warn_of_trial_end(tx: Transaction, subscription: Json) -> None:
    """Three days ahead; at once when the trial is shorter."""
    at = subscription["trial_end"] - TRIAL_WARNING
    if at <= tx.now:
        tx.emit("customer.subscription.trial_will_end", subscription)
    else:
        tx.schedule("subscription.trial_will_end", subscription["id"], at)


def begin_unpaid(tx: Transaction, subscription: Json, invoice: Json) -> None:
    """The first invoice is sent like every other: an hour later, while the customer uses it."""
    later = tx.now + invoices.FINALIZE_AFTER
    invoice["automatically_finalizes_at"] = later
    tx.schedule("invoice.finalize", invoice["id"], later)
    tx.add(invoice, "invoice.created")
    activate(tx, subscription)


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
        activate(tx, subscription)
        return result
    if result.challenge:
        invoices.action_required(tx, invoice)
    elif collects:
        invoices.attempt_failed(tx, invoice, retry=False)
    tx.schedule("subscription.expire", subscription["id"], tx.now + EXPIRES_INCOMPLETE_AFTER)
    return result


def activate(tx: Transaction, subscription: Json) -> None:
    """A paid invoice makes active what waited for it."""
    if subscription["status"] in ("incomplete", "past_due", "unpaid"):
        tx.unschedule("subscription.expire", subscription["id"])
        subscription["status"] = "active"
        tx.save(subscription, "customer.subscription.updated")
        entitlements.refresh(tx, subscription["customer"])


def use_currency(tx: Transaction, customer: Json, currency: str) -> None:
    if customer["currency"] != currency:
        customer["currency"] = currency
        tx.save(customer, "customer.updated")


def set_periods(subscription: Json, start: int) -> None:
    """Every item's period begins at `start` and ends where the anchor's rhythm says."""
    for item in subscription["items"]["data"]:
        recurring = item["price"]["recurring"]
        item["current_period_start"] = start
        item["current_period_end"] = period_end(
            anchor=subscription["billing_cycle_anchor"],
            start=start,
            interval=recurring["interval"],
            count=recurring["interval_count"],
        )
    if subscription["status"] == "trialing":
        for item in subscription["items"]["data"]:
            item["current_period_end"] = subscription["trial_end"]


def plan_renewal(tx: Transaction, subscription: Json) -> None:
    """The end of the period, and `invoice.upcoming` some days before."""
    id_, ends = subscription["id"], current_end(subscription)
    tx.schedule("subscription.period_end", id_, ends)
    notice = ends - UPCOMING_NOTICE
    if notice > tx.now:
        tx.schedule("subscription.upcoming", id_, notice)
    else:
        tx.unschedule("subscription.upcoming", id_)


def current_end(subscription: Json) -> int:
    return max(int(item["current_period_end"]) for item in subscription["items"]["data"])


def current_start(subscription: Json) -> int:
    return min(int(item["current_period_start"]) for item in subscription["items"]["data"])


def end(tx: Transaction, subscription: Json, *, reason: str | None = None) -> None:
    """Canceled, now: no timer, no further attempt to collect, `deleted` is sent."""
    for what in TIMERS:
        tx.unschedule(f"subscription.{what}", subscription["id"])
    subscription["status"] = "canceled"
    subscription["ended_at"] = tx.now
    subscription["canceled_at"] = subscription["canceled_at"] or tx.now
    if reason:
        subscription["cancellation_details"]["reason"] = reason
    tx.save(subscription)
    tx.emit("customer.subscription.deleted", subscription)
    for invoice in tx.find("invoice", subscription=subscription["id"], status=["draft", "open"]):
        invoices.stop_collecting(tx, invoice)
    entitlements.refresh(tx, subscription["customer"])
