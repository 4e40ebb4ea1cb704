"""Taxes as parameters: the rates that somebody has made, and the automatic ones."""

from collections.abc import Iterable, Sequence

from stripe_simulator.api import parameters as p
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import settings
from stripe_simulator.tax.behavior import behavior_of_price
from stripe_simulator.tax.location import INVALID, NOT_RECOGNIZED, place_of

MOST_RATES = 5
RATES = p.array(p.filled, unset=True)
"""Ids of tax rates; an empty string for none."""
NO_ADDRESS = (
    "You must have a valid head office address to enable automatic tax calculation in test mode."
    " Visit https://dashboard.stripe.com/test/settings/tax to update it."
)
LIABILITY = p.hash_of({"type": p.choice("self"), "account": p.unsupported}, required=("type",))
AUTOMATIC_TAX = p.hash_of({"enabled": p.boolean, "liability": LIABILITY}, required=("enabled",))


def automatic(tx: Transaction, params: Json) -> bool | None:
    """Whether it is to be on; None when nothing is said. Errors: 400 without a head office."""
    given = params.get("automatic_tax")
    if given is None:
        return None
    if given["enabled"] and settings.current(tx)["status"] != "active":
        raise invalid(NO_ADDRESS, param="automatic_tax")
    return bool(given["enabled"])


def check_automatic(
    tx: Transaction, prices: Iterable[Json], *, currency: str, by_hand: Iterable[Json] = ()
) -> None:
    """Errors: 400 for prices that do not say whether they include taxes, and next to `by_hand`."""
    if any(by_hand):
        raise invalid(
            "Tax rates cannot be used together with automatic tax. Remove them, or set"
            " `automatic_tax[enabled]` to `false`.",
            param="automatic_tax",
        )
    current = settings.current(tx)
    for price in prices:
        if settings.behavior_of(current, behavior_of_price(price, currency), currency) is None:
            raise invalid(
                f"The price {price['id']} has no `tax_behavior`, which is required for automatic"
                " tax. Set it on the price, or a default one in the tax settings.",
                param="automatic_tax",
            )


def check_place(tx: Transaction, customer: Json) -> None:
    """Errors: 400 when nobody knows where the customer is."""
    if place_of(tx, customer) is None:
        raise StripeError(400, NOT_RECOGNIZED, code=INVALID)


def rates(tx: Transaction, ids: Sequence[str], path: str) -> list[Json]:
    """The rates, as objects that carry them show them. Errors: 400 for an archived one."""
    if len(ids) > MOST_RATES:
        raise invalid(f"At most {MOST_RATES} tax rates can be given.", param=path)
    found = [tx.need("tax_rate", id_, param=path) for id_ in ids]
    for rate in found:
        if not rate["active"]:
            raise invalid(f"The tax rate {rate['id']} is archived.", param=path)
    return found
