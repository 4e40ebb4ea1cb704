"""What somebody may be billed for besides a subscription: parameters, and the item they make."""

from decimal import Decimal

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources import discounts, price_fields, prices
from stripe_simulator.api.resources.tax_fields import RATES, rates
from stripe_simulator.billing import pricing
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.money import decimal_text, times
from stripe_simulator.objects.invoice_item import invoice_item
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

PERIOD = p.hash_of(dict.fromkeys(("start", "end"), p.moment), required=("start", "end"))
PRICE_DATA = p.hash_of(
    {
        **names(p.filled, "currency", "product"),
        "tax_behavior": price_fields.TAX_BEHAVIOR,
        "unit_amount": price_fields.AMOUNT,
        "unit_amount_decimal": p.decimal,
    },
    required=("currency",),
)
LEAST_AMOUNT = -p.MOST_AMOUNT
LINE = {
    "amount": p.between(LEAST_AMOUNT, p.MOST_AMOUNT),
    "description": p.text,
    "discountable": p.boolean,
    "discounts": discounts.GIVEN,
    "metadata": p.metadata,
    "period": PERIOD,
    "price_data": PRICE_DATA,
    "pricing": p.hash_of({"price": p.filled}),
    "quantity": p.between(0, p.MOST_QUANTITY),
    "tax_rates": RATES,
    "quantity_decimal": p.unsupported,
}


def made(
    tx: Transaction,
    params: Json,
    *,
    customer: str,
    currency: str | None,
    subscription: str | None = None,
    path: str = "pricing",
) -> Json:
    """The item that is asked for, not kept yet. Errors: 400 without an amount or a price."""
    price = price_of(tx, params, path)
    chosen = currency_of(tx, params, price, currency)
    quantity = params.get("quantity", 1)
    unit, amount = amounts(tx, params, price, quantity, chosen)
    item = invoice_item(
        tx.new_id("invoiceitem"),
        customer=customer,
        currency=chosen,
        amount=amount,
        description=params.get("description") or (named(tx, price) if price else None),
        quantity=quantity,
        period=params.get("period") or {"start": tx.now, "end": tx.now},
        now=tx.now,
        price=price,
        unit_amount_decimal=unit,
        subscription=subscription,
        discountable=params.get("discountable", amount >= 0),
        metadata=p.new_metadata(params.get("metadata", {})),
    )
    item["tax_rates"] = rates(tx, params.get("tax_rates", []), "tax_rates")
    item["discounts"] = discounts.ids(
        tx,
        params.get("discounts", []),
        customer=customer,
        kept=[],
        currency=item["currency"],
        invoice_item=item["id"],
    )
    return item


def currency_of(tx: Transaction, params: Json, price: Json | None, usual: str | None) -> str:
    """The price's, when it is not sold in the usual one."""
    wanted = params.get("currency") or usual
    if price and not (wanted and pricing.sells_in(tx, price, wanted.lower())):
        return str(price["currency"])
    if wanted is None:
        raise missing_parameter("currency")
    return price_fields.currency(wanted)


def price_of(tx: Transaction, params: Json, path: str) -> Json | None:
    if params.get("price_data"):
        data = params["price_data"]
        if not data.get("product"):
            raise missing_parameter("price_data[product]")
        price = prices.create(tx, data)
        price["active"] = False
        return tx.save(price)
    named_price = (params.get("pricing") or {}).get("price") or params.get("price")
    if not named_price:
        return None
    price = tx.need("price", named_price, param=f"{path}[price]")
    if price["recurring"]:
        raise invalid(
            "The price specified is set to `type=recurring` but this field only accepts prices"
            f" with `type=one_time`: {price['id']}",
            param=f"{path}[price]",
        )
    return price


def named(tx: Transaction, price: Json) -> str | None:
    name: str | None = (tx.get(price["product"], "product") or {}).get("name")
    return name


def amounts(
    tx: Transaction, params: Json, price: Json | None, quantity: int, currency: str
) -> tuple[str | None, int]:
    """The price of one (None with tiers) and the amount of all, in minor units."""
    if "amount" in params:
        if price or "unit_amount_decimal" in params or "quantity" in params:
            raise invalid("amount goes with neither a price nor a quantity.", param="amount")
        return str(params["amount"]), params["amount"]
    if price:
        named = pricing.terms(tx, price, currency).get("unit_amount_decimal")
        return named, pricing.total(tx, price, quantity, currency)
    if "unit_amount_decimal" in params:
        unit: Decimal = params["unit_amount_decimal"]
    else:
        raise missing_parameter("amount")
    return decimal_text(unit), times(unit, quantity)
