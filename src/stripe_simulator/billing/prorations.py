"""Part of a period, to the second: credit for what was billed and is not used, charge for the rest.

docs.stripe.com/billing/subscriptions/prorations. With flexible billing mode (the default since
2025-09-30.clover) a credit is a share of what was really debited, discounts included, and the
items are not discountable themselves.
"""

from decimal import Decimal

from stripe_simulator.clock.periods import moment
from stripe_simulator.money import rounded
from stripe_simulator.objects.invoice_item import invoice_item
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def share(amount: Decimal | int, *, start: int, end: int, at: int, currency: str) -> int:
    """The part of an amount that falls on the time from `at` to `end`. Minor units."""
    if end <= start:
        return 0
    return rounded(Decimal(amount) * (end - max(at, start)) / (end - start), currency)


def credit(tx: Transaction, subscription: Json, item: Json, *, product: str, at: int) -> list[Json]:
    """One pending credit for every debit whose time is not over; they are then used up."""
    found = []
    for debit in subscription.get("_billed", {}).pop(item["id"], []):
        amount = share(
            debit["amount"],
            start=debit["start"],
            end=debit["end"],
            at=at,
            currency=subscription["currency"],
        )
        if amount <= 0 or at >= debit["end"]:
            continue
        found.append(
            invoice_item(
                tx.new_id("invoiceitem"),
                customer=subscription["customer"],
                currency=subscription["currency"],
                amount=-amount,
                description=worded("Unused", item, product, at),
                quantity=item["quantity"],
                period={"start": at, "end": debit["end"]},
                now=tx.now,
                price=item["price"],
                unit_amount_decimal=item["price"]["unit_amount_decimal"],
                subscription=subscription["id"],
                subscription_item=item["id"],
                proration=True,
                credited=source_of(tx, debit),
                discountable=False,
                metadata=subscription["metadata"],
                tax_rates=item["tax_rates"],
            )
        )
    return [tx.add(one, "invoiceitem.created") for one in found]


def source_of(tx: Transaction, debit: Json) -> Json | None:
    """Where the debit was billed; None while it waits itself."""
    if debit.get("line"):
        return {"invoice": debit["invoice"], "invoice_line_items": [debit["line"]]}
    item = tx.get(debit["item"])
    if item and item.get("invoice"):
        return {"invoice": item["invoice"], "invoice_line_items": [item["_line"]]}
    return None


def charge(
    tx: Transaction,
    subscription: Json,
    item: Json,
    *,
    product: str,
    net: Decimal,
    at: int,
    start: int | None = None,
) -> Json | None:
    """The pending charge for the rest of a period that costs `net` in whole, from `start` on."""
    end = item["current_period_end"]
    start = item["current_period_start"] if start is None else start
    amount = share(net, start=start, end=end, at=at, currency=subscription["currency"])
    subscription.setdefault("_billed", {})[item["id"]] = []
    if amount <= 0 or at >= end:
        return None
    built = invoice_item(
        tx.new_id("invoiceitem"),
        customer=subscription["customer"],
        currency=subscription["currency"],
        amount=amount,
        description=worded("Remaining", item, product, at),
        quantity=item["quantity"],
        period={"start": at, "end": end},
        now=tx.now,
        price=item["price"],
        unit_amount_decimal=item["price"]["unit_amount_decimal"],
        subscription=subscription["id"],
        subscription_item=item["id"],
        proration=True,
        discountable=False,
        metadata=subscription["metadata"],
        tax_rates=item["tax_rates"],
    )
    debit = {"amount": amount, "start": at, "end": end, "item": built["id"]}
    subscription["_billed"][item["id"]].append(debit)
    return tx.add(built, "invoiceitem.created")


def worded(which: str, item: Json, product: str, at: int) -> str:
    """`Remaining time on 2 x Pro after 15 Feb 2026`."""
    day = moment(at)
    many = f"{item['quantity']} × " if item["quantity"] != 1 else ""  # noqa: RUF001
    return f"{which} time on {many}{product} after {day.day} {day:%b %Y}"
