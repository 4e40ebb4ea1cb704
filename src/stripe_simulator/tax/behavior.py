"""Whether amounts include their taxes.

docs.stripe.com/tax/products-prices-tax-codes-tax-behavior: a price says it for each of its
currencies; where it does not, the default of the tax settings counts.
"""

from stripe_simulator.shapes import Json


def behavior_of_price(price: Json, currency: str) -> str | None:
    """`price`: as it is kept, with its other currencies."""
    if currency == price["currency"]:
        return str(price["tax_behavior"])
    option = (price.get("_currency_options") or {}).get(currency) or {}
    behavior: str | None = option.get("tax_behavior")
    return behavior
