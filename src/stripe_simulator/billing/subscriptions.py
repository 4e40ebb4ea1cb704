"""A subscription from its first invoice to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stripe_simulator.billing import entitlements, invoices, methods
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.clock.periods import period_end
from stripe_simulator.objects import subscription as built
from stripe_simulator.shapes import DAY, HOUR, Json
from stripe_simulator.state.transaction import Transaction

EXPIRES_INCOMPLETE_AFTER = 23 * HOUR
TRIAL_WARNING = 3 * DAY
ENDED = ("canceled", "incomplete_expired")


@dataclass(frozen=True)
class Wanted:
    """One item to be subscribed to."""

    price: Json
    quantity: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)


def start(
    tx: Transaction,
    *,
    customer: Json,
    wanted: Sequence[Wanted],
    trial_end: int | None = None,
    answer: Verdict | None = None,
    collects: bool = True,
    **settings: Any,
) -> tuple[Json, Verdict]:
    """Creates a subscription and its first invoice, and tries to have it paid.

    `answer` is the bank's, when it was asked before; `collects` is False when the customer is to
    pay the first invoice in a browser (`default_incomplete`). `settings` are members of the object.
    """
    subscription = compose(tx, customer=customer, wanted=wanted, settings=settings)
    if trial_end:
        begin_trial(tx, subscription, trial_end)
    set_periods(subscription, tx.now)
    tx.schedule("subscription.period_end", subscription["id"], current_end(subscription))
    tx.add(subscription)
    invoice = invoices.draft(
        tx,
        customer=customer,
        subscription=subscription,
        reason="subscription_create",
        free=bool(trial_end),
    )
    subscription["latest_invoice"] = invoice["id"]
    tx.save(subscription)
    tx.emit("customer.subscription.created", subscription)
    use_currency(tx, customer, subscription["currency"])
    if trial_end:
        warn_of_trial_end(tx, subscription)
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


def current_end(subscription: Json) -> int:
    return max(int(item["current_period_end"]) for item in subscription["items"]["data"])


def current_start(subscription: Json) -> int:
    return min(int(item["current_period_start"]) for item in subscription["items"]["data"])


def end(tx: Transaction, subscription: Json, *, reason: str | None = None) -> None:
    """Canceled, now: no timer, no further attempt to collect, `deleted` is sent."""
    for what in ("period_end", "trial_will_end", "expire", "cancel_at"):
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
