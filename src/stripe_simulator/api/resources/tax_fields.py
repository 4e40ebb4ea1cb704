"""Taxes as parameters: the rates somebody has made, and the automatic ones that nobody has here."""

from collections.abc import Sequence
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

MOST_RATES = 5
RATES = p.array(p.filled, unset=True)
"""Ids of tax rates; an empty string for none."""
NO_ADDRESS = (
    "You must have a valid head office address to enable automatic tax calculation in test mode."
    " Visit https://dashboard.stripe.com/test/settings/tax to set it."
)
SWITCH = p.hash_of({"enabled": p.boolean, "liability": p.unsupported}, required=("enabled",))


def automatic_tax(value: Any, path: str) -> Json:
    """Stripe's answer to an account that has not set up Stripe Tax: off is fine, on is not."""
    switch: Json = SWITCH(value, path)
    if switch["enabled"]:
        raise invalid(NO_ADDRESS, param=path)
    return switch


def rates(tx: Transaction, ids: Sequence[str], path: str) -> list[Json]:
    """The rates, as objects that carry them show them. Errors: 400 for an archived one."""
    if len(ids) > MOST_RATES:
        raise invalid(f"At most {MOST_RATES} tax rates can be given.", param=path)
    found = [tx.need("tax_rate", id_, param=path) for id_ in ids]
    for rate in found:
        if not rate["active"]:
            raise invalid(f"The tax rate {rate['id']} is archived.", param=path)
    return found
