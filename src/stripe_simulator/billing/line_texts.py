"""What the lines of an invoice say, in Stripe's words."""

from decimal import Decimal

from stripe_simulator.billing.pricing import Part
from stripe_simulator.money import decimal_text, display
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def of_part(tx: Transaction, price: Json, part: Part, currency: str) -> str:
    """`2 x Pro (at € 12.00 / month)`, `5 x Pro (Tier 1 at € 7.00 / month)`."""
    tier = f"Tier {part.tier} " if part.tier else ""
    flat = "flat fee " if part.flat else ""
    package = price["transform_quantity"]
    every = f" per {package['divide_by']}" if package else ""
    unit = f"{display(part.unit, currency)}{every} / {rhythm(price)}"
    many = decimal_text(Decimal(part.quantity))
    return f"{many} × {product_name(tx, price)} ({tier}{flat}at {unit})"  # noqa: RUF001


def of_trial(tx: Transaction, price: Json) -> str:
    return f"Trial period for {product_name(tx, price)}"


def rhythm(price: Json) -> str:
    interval, count = price["recurring"]["interval"], price["recurring"]["interval_count"]
    return str(interval) if count == 1 else f"every {count} {interval}s"


def product_name(tx: Transaction, price: Json) -> str:
    product = tx.get(price["product"], "product")
    return str((product or {}).get("name") or price["product"])
