"""What a price may cost: one amount, tiers, packages, and all of it in other currencies."""

from decimal import Decimal
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import catalog
from stripe_simulator.shapes import Json

INTERVALS = p.choice("day", "week", "month", "year")
TAX_BEHAVIOR = p.choice("unspecified", "exclusive", "inclusive")
MOST_TIERS, MOST_USAGE = 100, 10**12
AMOUNT = p.between(0, p.MOST_AMOUNT)
RECURRING = p.hash_of(
    {
        "interval": INTERVALS,
        "interval_count": p.between(1, 1095),
        "trial_period_days": p.between(0, p.LONGEST_TRIAL),
        "usage_type": p.choice("licensed", "metered"),
        "meter": p.filled,
    },
    required=("interval",),
)


def up_to(value: Any, path: str) -> int | None:
    """The last unit of a tier; None for `inf`."""
    return None if value == "inf" else int(p.between(1, MOST_USAGE)(value, path))


TIERS = p.array(
    p.hash_of(
        {
            **names(AMOUNT, "flat_amount", "unit_amount"),
            **names(p.decimal, "flat_amount_decimal", "unit_amount_decimal"),
            "up_to": up_to,
        },
        required=("up_to",),
    )
)
CURRENCY_OPTION = p.hash_of(
    {
        "custom_unit_amount": p.unsupported,
        "tax_behavior": TAX_BEHAVIOR,
        "tiers": TIERS,
        "unit_amount": AMOUNT,
        "unit_amount_decimal": p.decimal,
    }
)


def currency_options(value: Any, path: str) -> Json:
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=path, code="parameter_invalid_object")
    return {
        currency(code): CURRENCY_OPTION(option, f"{path}[{code}]") for code, option in value.items()
    }


AMOUNTS = {
    "billing_scheme": p.choice("per_unit", "tiered"),
    "currency_options": currency_options,
    "custom_unit_amount": p.unsupported,
    "tiers": TIERS,
    "tiers_mode": p.choice("graduated", "volume"),
    "transform_quantity": p.hash_of(
        {"divide_by": p.between(1, p.MOST_QUANTITY), "round": p.choice("down", "up")},
        required=("divide_by", "round"),
    ),
    "unit_amount": AMOUNT,
    "unit_amount_decimal": p.decimal,
}


def currency(code: str) -> str:
    if len(code) != 3 or not code.isalpha():
        raise invalid(f"Invalid currency: {code}", param="currency")
    return code.lower()


def settle(params: Json) -> None:
    """Puts what was given into the price's own shape. Errors: 400 for what does not go together."""
    tiered = params.get("billing_scheme") == "tiered"
    params["unit_amount_decimal"] = unit_of(params, tiered=tiered)
    if tiered:
        params["tiers"] = tiers_of(params, "tiers")
    elif params.get("tiers") or params.get("tiers_mode"):
        raise invalid("tiers and tiers_mode go with billing_scheme=tiered.", param="tiers")
    if "currency_options" in params:
        params["currency_options"] = options_of(params, tiered=tiered)


def unit_of(params: Json, *, tiered: bool) -> Decimal | None:
    if tiered and ({"unit_amount", "unit_amount_decimal", "transform_quantity"} & params.keys()):
        raise invalid("With billing_scheme=tiered the amounts are given in tiers.", param="tiers")
    if tiered and not params.get("tiers_mode"):
        raise missing_parameter("tiers_mode")
    return None if tiered else amount(params, "unit_amount")


def amount(params: Json, name: str, path: str = "") -> Decimal:
    """`name` in whole minor units, or `name_decimal` in parts of them."""
    exact = f"{name}_decimal"
    if name in params and exact in params:
        raise invalid(f"You may only specify one of {name}, {exact}.")
    if name in params:
        return Decimal(params[name])
    if exact not in params:
        raise missing_parameter(f"{path}[{name}]" if path else name)
    given: Decimal = params[exact]
    if not 0 <= given <= p.MOST_AMOUNT:
        raise invalid("Invalid non-negative decimal", param=f"{path}[{exact}]" if path else exact)
    return given


def tiers_of(params: Json, path: str) -> list[Json]:
    given: list[Json] = params.get("tiers") or []
    if not 2 <= len(given) <= MOST_TIERS and not (len(given) == 1 and given[0]["up_to"] is None):
        raise invalid("Tiered prices have from one to a hundred tiers, the last up to inf.")
    last = 0
    for index, tier in enumerate(given):
        here = f"{path}[{index}]"
        if (tier["up_to"] is None) != (index == len(given) - 1):
            raise invalid("The last tier, and only that, is up to inf.", param=f"{here}[up_to]")
        if tier["up_to"] is not None and tier["up_to"] <= last:
            raise invalid("Every tier ends after the one before.", param=f"{here}[up_to]")
        last = tier["up_to"] or last
    return [catalog.tier(priced(tier, f"{path}[{index}]")) for index, tier in enumerate(given)]


def priced(tier: Json, path: str) -> Json:
    """A tier has a price a unit, a flat amount, or both."""
    found: Json = {"up_to": tier["up_to"]}
    for name in ("flat_amount", "unit_amount"):
        if {name, f"{name}_decimal"} & tier.keys():
            found[f"{name}_decimal"] = amount(tier, name, path)
    if len(found) == 1:
        raise missing_parameter(f"{path}[unit_amount]")
    return found


def options_of(params: Json, *, tiered: bool) -> Json:
    found = {}
    for code, given in params["currency_options"].items():
        if code == params["currency"]:
            raise invalid("The price's own currency is no option.", param="currency_options")
        path = f"currency_options[{code}]"
        unit = None if tiered else amount(given, "unit_amount", path)
        found[code] = {
            "custom_unit_amount": None,
            "tax_behavior": given.get("tax_behavior", "unspecified"),
            **({"tiers": tiers_of(given, f"{path}[tiers]")} if tiered else {}),
            **catalog.amounts("unit_amount", unit),
        }
    return found
