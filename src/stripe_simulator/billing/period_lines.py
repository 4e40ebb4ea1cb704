"""The lines of an invoice for its subscription's items.

Licensed prices are billed in advance, for the period that begins; metered ones in arrears, for the
period that has ended (docs.stripe.com/billing/subscriptions/usage-based).
"""

from collections.abc import Sequence
from decimal import Decimal

from stripe_simulator.billing import line_texts, pricing, usage
from stripe_simulator.billing.item_periods import Due
from stripe_simulator.billing.pricing import Part
from stripe_simulator.money import decimal_text
from stripe_simulator.objects import invoice as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def lines(
    tx: Transaction, invoice: Json, subscription: Json, due: Sequence[Due], *, free: bool
) -> list[Json]:
    """`free`: a trial, whose lines cost nothing and whose usage is not billed."""
    found: list[Json] = []
    for one in due:
        if not pricing.is_metered(one.item["price"]):
            found += in_advance(tx, invoice, subscription, one.item, free=free)
        elif one.past and not free:
            found += in_arrears(tx, invoice, subscription, one.item, one.past)
    return found


def in_advance(
    tx: Transaction, invoice: Json, subscription: Json, item: Json, *, free: bool
) -> list[Json]:
    price, currency = item["price"], subscription["currency"]
    period = item["current_period_start"], item["current_period_end"]
    if free:
        parts = [Part(item["quantity"], Decimal(0), 0)]
    else:
        parts = pricing.parts(tx, price, item["quantity"], currency)
    return [
        line(tx, invoice, subscription, item, part=part, period=period, free=free) for part in parts
    ]


def in_arrears(
    tx: Transaction, invoice: Json, subscription: Json, item: Json, past: tuple[int, int]
) -> list[Json]:
    """Remembered with the invoice: late usage still counts while that is a draft."""
    used = usage.quantity(tx, subscription, item, *past)
    parts = pricing.parts(tx, item["price"], used, subscription["currency"])
    found = [line(tx, invoice, subscription, item, part=part, period=past) for part in parts]
    note = {"item": item, "period": past, "used": str(used), "lines": [one["id"] for one in found]}
    invoice.setdefault("_usage", []).append(note)
    return found


def line(
    tx: Transaction,
    invoice: Json,
    subscription: Json,
    item: Json,
    *,
    part: Part,
    period: tuple[int, int],
    free: bool = False,
) -> Json:
    price, currency = item["price"], subscription["currency"]
    text = line_texts.of_trial(tx, price) if free else None
    made = built.subscription_line(
        tx.new_id("line_item"),
        invoice=invoice["id"],
        currency=currency,
        item=item,
        quantity=int(part.quantity),
        unit_amount_decimal=decimal_text(part.unit),
        amount=part.amount,
        description=text or line_texts.of_part(tx, price, part, currency),
        period={"start": period[0], "end": period[1]},
        metadata=subscription["metadata"],
    )
    made["quantity_decimal"] = decimal_text(Decimal(part.quantity))
    if item["tax_rates"]:
        invoice.setdefault("_tax_rates", {})[made["id"]] = list(item["tax_rates"])
    return made


def count_again(tx: Transaction, invoice: Json, subscription: Json) -> bool:
    """Takes in the usage that was reported since the draft was made; True when there was some."""
    changed = False
    for note in invoice.pop("_usage", []):
        start, end = note["period"]
        if str(usage.quantity(tx, subscription, note["item"], start, end)) != note["used"]:
            replace(tx, invoice, subscription, note)
            changed = True
    return changed


def replace(tx: Transaction, invoice: Json, subscription: Json, note: Json) -> None:
    """The lines of one item; they keep their place."""
    old = invoice["lines"]["data"]
    place = next((at for at, one in enumerate(old) if one["id"] in note["lines"]), len(old))
    new = in_arrears(tx, invoice, subscription, note["item"], tuple(note["period"]))
    invoice.pop("_usage")
    kept = [one for one in old if one["id"] not in note["lines"]]
    invoice["lines"]["data"] = [*kept[:place], *new, *kept[place:]]
