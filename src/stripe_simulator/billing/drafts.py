"""Invoices before they are sent: what goes on them."""

from collections.abc import Sequence

from stripe_simulator.billing import (
    discounts,
    invoice_items,
    period_lines,
    pricing,
    seller,
    totals,
)
from stripe_simulator.billing.item_periods import Due
from stripe_simulator.billing.line_texts import product_name
from stripe_simulator.objects import account
from stripe_simulator.objects import invoice as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

__all__ = ["blank", "draft", "product_name", "taken_in"]


def draft(
    tx: Transaction,
    *,
    customer: Json,
    subscription: Json,
    reason: str,
    free: bool = False,
    due: Sequence[Due] | None = None,
    pending: bool = True,
) -> Json:
    """The invoice of a subscription: what waits for it, then lines for what is due; not yet sent.

    `due` None stands for every item, at the beginning of its period; without `pending` nothing
    that waits is taken in. The caller saves the subscription.
    """
    invoice = headed(tx, customer=customer, subscription=subscription, reason=reason)
    discounts.drop_ended(tx, subscription)
    invoice["discounts"] = list(subscription["discounts"])
    lines = taken_in(tx, invoice, subscription=subscription["id"]) if pending else []
    if due is None:
        due = [Due(item) for item in subscription["items"]["data"]]
    lines += period_lines.lines(tx, invoice, subscription, due, free=free)
    invoice["lines"]["data"] = lines
    totals.reckon(tx, invoice, customer)
    remember_debits(subscription, due, lines, free=free)
    used = {one["discount"] for line in lines for one in line["discount_amounts"] if one["amount"]}
    discounts.consume(tx, subscription, sorted(used))
    return invoice


def headed(tx: Transaction, *, customer: Json, subscription: Json, reason: str) -> Json:
    """Without lines, and with what the subscription says about its invoices."""
    invoice = blank(tx, customer=customer, currency=subscription["currency"])
    invoice["billing_reason"] = reason
    invoice["parent"] = parent_of(subscription)
    for name in (
        "collection_method",
        "default_payment_method",
        "default_tax_rates",
        "description",
    ):
        invoice[name] = subscription[name]
    invoice["automatic_tax"]["enabled"] = subscription["automatic_tax"]["enabled"]
    if subscription["collection_method"] == "send_invoice":
        invoice["_days_until_due"] = subscription["days_until_due"]
    return invoice


def parent_of(subscription: Json) -> Json:
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": subscription["metadata"],
            "subscription": subscription["id"],
        },
        "type": "subscription_details",
    }


def blank(tx: Transaction, *, customer: Json, currency: str) -> Json:
    return built.invoice(
        tx.new_id("invoice"),
        customer=customer,
        currency=currency,
        account_name=seller.name(tx),
        country=account.COUNTRY,
        now=tx.now,
    )


def taken_in(tx: Transaction, invoice: Json, *, subscription: str | None) -> list[Json]:
    waiting = invoice_items.pending(
        tx, invoice["customer"], currency=invoice["currency"], subscription=subscription
    )
    return [invoice_items.take(tx, item, invoice["id"]) for item in waiting]


def remember_debits(
    subscription: Json, due: Sequence[Due], lines: list[Json], *, free: bool
) -> None:
    """What each item was billed for its period: what a later credit is a share of."""
    billed = subscription.setdefault("_billed", {})
    advance = {one.item["id"] for one in due if not pricing.is_metered(one.item["price"])}
    billed.update({id_: [] for id_ in advance})
    for line in lines:
        details = (line["parent"] or {}).get("subscription_item_details")
        if free or details is None or details["proration"]:
            continue
        if details["subscription_item"] in advance:
            off = sum(one["amount"] for one in line["discount_amounts"])
            debit = line["period"] | {"amount": line["amount"] - off}
            debit |= {"invoice": line["invoice"], "line": line["id"]}
            billed[details["subscription_item"]].append(debit)
