"""What a metered item has used: from when it counts, and the bill for an item that is leaving.

docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup: with flexible billing mode a
metered price that is taken away is billed for the usage until then, unless without prorations.
"""

from collections.abc import Sequence

from stripe_simulator.billing import line_texts, metering, pricing
from stripe_simulator.money import decimal_text
from stripe_simulator.objects.invoice_item import invoice_item
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def quantity(
    tx: Transaction, subscription: Json, item: Json, start: int, end: int
) -> pricing.Quantity:
    """Whole when it can be."""
    meter = tx.need("billing.meter", item["price"]["recurring"]["meter"])
    since = subscription.get("_usage_from", {}).get(item["id"], 0)
    used = metering.usage(
        tx, meter, customer=subscription["customer"], start=max(start, since), end=end
    )
    return int(used) if used == used.to_integral_value() else used


def count_from(subscription: Json, item: Json, moment: int) -> None:
    """What was used before is billed otherwise, or not at all."""
    if not pricing.is_metered(item["price"]):
        return
    subscription.setdefault("_usage_from", {})[item["id"]] = moment


def settle(tx: Transaction, subscription: Json, items: Sequence[Json], *, until: int) -> None:
    """Pending invoice items for what these have used of their period."""
    for item in items:
        if not pricing.is_metered(item["price"]):
            continue
        used = quantity(tx, subscription, item, item["current_period_start"], until)
        if used:
            bill(tx, subscription, item, used, until)
        count_from(subscription, item, until)


def bill(
    tx: Transaction, subscription: Json, item: Json, used: pricing.Quantity, until: int
) -> None:
    currency = subscription["currency"]
    for part in pricing.parts(tx, item["price"], used, currency):
        built = invoice_item(
            tx.new_id("invoiceitem"),
            customer=subscription["customer"],
            currency=currency,
            amount=part.amount,
            description=line_texts.of_part(tx, item["price"], part, currency),
            quantity=int(part.quantity),
            period={"start": item["current_period_start"], "end": until},
            now=tx.now,
            price=item["price"],
            unit_amount_decimal=decimal_text(part.unit),
            subscription=subscription["id"],
            subscription_item=item["id"],
            metadata=subscription["metadata"],
            tax_rates=item["tax_rates"],
        )
        built["quantity_decimal"] = decimal_text(part.quantity)
        tx.add(built, "invoiceitem.created")
