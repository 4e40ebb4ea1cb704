"""The seller's tax settings: where automatic tax is counted from, and what prices mean."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, post
from stripe_simulator.errors import invalid
from stripe_simulator.objects.customer import address
from stripe_simulator.shapes import Json
from stripe_simulator.state.difference import previous_attributes
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import settings

CHANGES = {
    "defaults": p.hash_of(
        {
            "tax_behavior": p.choice("exclusive", "inclusive", "inferred_by_currency"),
            "tax_code": p.filled,
        }
    ),
    "head_office": p.hash_of({"address": p.ADDRESS}, required=("address",)),
}


def retrieve(tx: Transaction, params: Json) -> Json:
    del params
    return shown(settings.current(tx))


def update(tx: Transaction, params: Json) -> Json:
    current = settings.current(tx)
    before = shown(current)
    current["defaults"] = current["defaults"] | params.get("defaults", {})
    if "head_office" in params:
        current["head_office"] = {"address": address(params["head_office"]["address"])}
        if settings.head_office(current) is None:
            raise invalid(
                "The head office needs a country, in the United States and Canada a state, too.",
                param="head_office[address]",
            )
    current |= settings.with_status(current)
    settings.keep(tx, current)
    previous = previous_attributes(before, shown(current))
    if previous:
        tx.emit("tax.settings.updated", shown(current), previous)
    return shown(current)


def shown(current: Json) -> Json:
    """At Stripe they have no id."""
    return {name: value for name, value in current.items() if name != "id"}


OPERATIONS = (
    get("/v1/tax/settings", retrieve),
    post("/v1/tax/settings", update, CHANGES),
)
