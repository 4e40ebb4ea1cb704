"""Invoices before they are sent: what goes on them."""

from stripe_simulator.billing import discounts, invoice_items, seller, totals
from stripe_simulator.objects import account
from stripe_simulator.objects import invoice as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def draft(
    tx: Transaction,
    *,
    customer: Json,
    subscription: Json,
    reason: str,
    free: bool = False,
    periods: bool = True,
    pending: bool = True,
) -> Json:
    """The invoice of a subscription: what waits for it, then a line for each item; not yet sent.

    Without `periods` it takes in only what waits, without `pending` nothing that
    waits. The caller saves the subscription.
    """
    invoice = blank(tx, customer=customer, currency=subscription["currency"])
    invoice["billing_reason"] = reason
    invoice["parent"] = parent_of(subscription)
    for name in ("collection_method", "default_payment_method", "description"):
        invoice[name] = subscription[name]
    if subscription["collection_method"] == "send_invoice":
        invoice["_days_until_due"] = subscription["days_until_due"]
    discounts.drop_ended(tx, subscription)
    invoice["discounts"] = list(subscription["discounts"])
    lines = taken_in(tx, invoice, subscription=subscription["id"]) if pending else []
    if periods:
        lines += period_lines(tx, invoice, subscription, free=free)
    invoice["lines"]["data"] = lines
    totals.reckon(tx, invoice, customer)
    if periods:
        remember_debits(subscription, lines, free=free)
    used = {one["discount"] for line in lines for one in line["discount_amounts"] if one["amount"]}
    discounts.consume(tx, subscription, sorted(used))
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


def period_lines(tx: Transaction, invoice: Json, subscription: Json, *, free: bool) -> list[Json]:
    return [
        built.subscription_line(
            tx.new_id("line_item"),
            invoice=invoice["id"],
            item=item,
            product_name=product_name(tx, item["price"]),
            metadata=subscription["metadata"],
            free=free,
        )
        for item in subscription["items"]["data"]
    ]


def remember_debits(subscription: Json, lines: list[Json], *, free: bool) -> None:
    """What each item was billed for its period: what a later credit is a share of."""
    subscription["_billed"] = {}
    for line in lines:
        details = (line["parent"] or {}).get("subscription_item_details")
        if free or details is None or details["proration"]:
            continue
        off = sum(one["amount"] for one in line["discount_amounts"])
        debit = line["period"] | {"amount": line["amount"] - off}
        debit |= {"invoice": line["invoice"], "line": line["id"]}
        subscription["_billed"][details["subscription_item"]] = [debit]


def product_name(tx: Transaction, price: Json) -> str:
    product = tx.get(price["product"], "product")
    return str((product or {}).get("name") or price["product"])
