"""Products, prices, and the plan that older readers know a price by."""

from decimal import Decimal

from stripe_simulator.money import decimal_text
from stripe_simulator.shapes import Json


def product(id_: str, params: Json, *, now: int) -> Json:
    return {
        "id": id_,
        "object": "product",
        "active": params.get("active", True),
        "created": now,
        "default_price": None,
        "description": params.get("description"),
        "images": params.get("images", []),
        "livemode": False,
        "marketing_features": params.get("marketing_features", []),
        "metadata": params.get("metadata", {}),
        "name": params["name"],
        "package_dimensions": params.get("package_dimensions"),
        "shippable": params.get("shippable"),
        "statement_descriptor": params.get("statement_descriptor"),
        "tax_code": params.get("tax_code"),
        "tax_details": None,
        "type": params.get("type", "service"),
        "unit_label": params.get("unit_label"),
        "updated": now,
        "url": params.get("url"),
    }


def price(id_: str, params: Json, *, product: str, now: int) -> Json:
    """`params["unit_amount_decimal"]` is the amount, in minor units or fractions of them.

    Tiers and other currencies are notes: they are shown to those who ask for them (`expand`).
    """
    tiers, options = params.get("tiers"), params.get("currency_options")
    return {
        "id": id_,
        "object": "price",
        "active": params.get("active", True),
        "billing_scheme": params.get("billing_scheme", "per_unit"),
        "created": now,
        "currency": params["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": params.get("lookup_key"),
        "metadata": params.get("metadata", {}),
        "nickname": params.get("nickname"),
        "product": product,
        "recurring": recurring(params.get("recurring")),
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers_mode": params.get("tiers_mode"),
        "transform_quantity": params.get("transform_quantity"),
        "type": "recurring" if params.get("recurring") else "one_time",
        **amounts("unit_amount", params["unit_amount_decimal"]),
        **({"_tiers": tiers} if tiers else {}),
        **({"_currency_options": options} if options else {}),
    }


def amounts(name: str, value: Decimal | None) -> Json:
    """The pair of `name` and `name_decimal`; the first is null for parts of a minor unit."""
    if value is None:
        return {name: None, f"{name}_decimal": None}
    whole = int(value) if value == value.to_integral_value() else None
    return {name: whole, f"{name}_decimal": decimal_text(value)}


def tier(given: Json) -> Json:
    return {
        **amounts("flat_amount", given.get("flat_amount_decimal")),
        **amounts("unit_amount", given.get("unit_amount_decimal")),
        "up_to": given["up_to"],
    }


def shown_inside(price: Json) -> Json:
    """The price as it stands in other objects: without notes."""
    return {name: value for name, value in price.items() if name[0] != "_"}


def recurring(params: Json | None) -> Json | None:
    if params is None:
        return None
    return {
        "interval": params["interval"],
        "interval_count": params.get("interval_count", 1),
        "meter": params.get("meter"),
        "trial_period_days": params.get("trial_period_days"),
        "usage_type": params.get("usage_type", "licensed"),
    }


def plan(price: Json) -> Json:
    """Subscription items still carry the older view of their price."""
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": price["recurring"]["meter"],
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": price["tiers_mode"],
        "transform_usage": price["transform_quantity"],
        "trial_period_days": price["recurring"]["trial_period_days"],
        "usage_type": price["recurring"]["usage_type"],
    }
