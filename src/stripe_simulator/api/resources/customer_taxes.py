"""What automatic tax knows of a customer: `tax`, which is shown to those who expand it."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.resources.tax_fields import check_place
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax import automatic, settings
from stripe_simulator.tax.location import address_of, place_of

TAX = {
    "ip_address": p.text,
    "validate_location": p.choice("auto", "deferred", "immediately"),
}


def take(tx: Transaction, customer: Json, params: Json) -> None:
    """The address is checked when that is asked for, or when something taxed rests on it.

    Errors: 400 for one that is not recognized.
    """
    given = params.get("tax") or {}
    if "ip_address" in given:
        customer["_ip_address"] = given["ip_address"]
    asked = given.get("validate_location", "auto")
    moved = bool({"address", "shipping"} & params.keys())
    if asked == "immediately" or (asked == "auto" and moved and is_taxed(tx, customer)):
        check_place(tx, customer)


def is_taxed(tx: Transaction, customer: Json) -> bool:
    live = ["active", "past_due", "trialing", "unpaid"]
    found = tx.find("subscription", customer=customer["id"], status=live)
    return any(one["automatic_tax"]["enabled"] for one in found)


def tax_of(tx: Transaction, customer: Json) -> Json:
    """The hash `tax`; an address of the internet tells no place here."""
    stored = tx.need("customer", customer["id"])
    found, place = address_of(tx, stored), place_of(tx, stored)
    location = None
    if found and place:
        location = {"country": place.country, "source": found[1], "state": place.state}
    return {
        "automatic_tax": standing(tx, stored),
        "ip_address": stored.get("_ip_address"),
        "location": location,
        "provider": "stripe",
    }


def standing(tx: Transaction, customer: Json) -> str:
    if settings.current(tx)["status"] != "active":
        return "failed"
    treatment = automatic.assess(tx, customer).treatment
    if treatment is None:
        return "unrecognized_location"
    return "not_collecting" if treatment.reason == "not_collecting" else "supported"
