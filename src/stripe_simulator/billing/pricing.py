"""What so many units of a price cost, in the currency that is asked for. Minor units.

docs.stripe.com/products-prices/pricing-models: graduated tiers charge each unit at the tier that it
falls into, volume tiers all of them at the tier of the whole quantity, a flat amount comes with
each tier that is reached; a package price counts packages (`transform_quantity`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from stripe_simulator.money import times
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

Quantity = int | Decimal


@dataclass(frozen=True)
class Part:
    """What one line of an invoice says. `tier` counts from 1; None without tiers."""

    quantity: Quantity
    unit: Decimal
    amount: int
    tier: int | None = None
    flat: bool = False


def total(tx: Transaction, price: Json, quantity: Quantity, currency: str) -> int:
    return sum(part.amount for part in parts(tx, price, quantity, currency))


def parts(tx: Transaction, price: Json, quantity: Quantity, currency: str) -> list[Part]:
    """One part, or with graduated tiers one for each tier, and one for each flat amount."""
    if price["billing_scheme"] == "tiered":
        tiers = terms(tx, price, currency)["tiers"]
        found = graduated if price["tiers_mode"] == "graduated" else volume
        return list(found(tiers, quantity))
    unit = Decimal(terms(tx, price, currency)["unit_amount_decimal"])
    counted = packages(quantity, price["transform_quantity"])
    return [Part(quantity, unit, times(unit, counted))]


def terms(tx: Transaction, price: Json, currency: str) -> Json:
    """Unit amount or tiers in this currency; copies of a price inside of others lack both."""
    if currency == price["currency"]:
        if price["billing_scheme"] == "per_unit":
            return price
        return {"tiers": stored(tx, price)["_tiers"]}
    option: Json = stored(tx, price)["_currency_options"][currency]
    return option


def stored(tx: Transaction, price: Json) -> Json:
    return tx.need("price", price["id"])


def sells_in(tx: Transaction, price: Json, currency: str) -> bool:
    known = price["currency"] == currency
    return known or currency in (stored(tx, price).get("_currency_options") or {})


def packages(quantity: Quantity, transform: Json | None) -> Quantity:
    if transform is None:
        return quantity
    rounding = ROUND_CEILING if transform["round"] == "up" else ROUND_FLOOR
    whole = Decimal(quantity) / transform["divide_by"]
    return int(whole.quantize(Decimal(1), rounding=rounding))


def graduated(tiers: Sequence[Json], quantity: Quantity) -> Iterator[Part]:
    """Nothing at all still reaches the first tier."""
    below: Quantity = 0
    for number, tier in enumerate(tiers, start=1):
        upto = quantity if tier["up_to"] is None else min(quantity, tier["up_to"])
        yield from tier_parts(tier, number, upto - below)
        below = upto
        if quantity <= below:
            return


def volume(tiers: Sequence[Json], quantity: Quantity) -> Iterator[Part]:
    for number, tier in enumerate(tiers, start=1):
        if tier["up_to"] is None or quantity <= tier["up_to"]:
            yield from tier_parts(tier, number, quantity)
            return


def tier_parts(tier: Json, number: int, quantity: Quantity) -> Iterator[Part]:
    unit = Decimal(tier["unit_amount_decimal"] or 0)
    yield Part(quantity, unit, times(unit, quantity), number)
    if tier["flat_amount_decimal"] is not None:
        flat = Decimal(tier["flat_amount_decimal"])
        yield Part(1, flat, times(flat, 1), number, flat=True)


def is_metered(price: Json) -> bool:
    return bool(price["recurring"]) and price["recurring"]["usage_type"] == "metered"
