"""A customer's own details in the portal: who they are, where, and their tax ids."""

from collections.abc import Mapping

from stripe_simulator.api.resources import customers
from stripe_simulator.api.resources import tax_ids as api
from stripe_simulator.checkout.tax_numbers import TAX_NUMBERS
from stripe_simulator.hosted.portal import Visit
from stripe_simulator.hosted.portal_actions import own
from stripe_simulator.objects.customer import ADDRESS
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store

KINDS = tuple((kind, number.label) for kind, number in TAX_NUMBERS.items())


def allowed(visit: Visit) -> list[str]:
    found: list[str] = visit.features["customer_update"]["allowed_updates"]
    return found


def tax_ids(store: Store, visit: Visit) -> list[tuple[str, str]]:
    """Ids and numbers; none where they cannot be changed."""
    if "tax_id" not in allowed(visit):
        return []
    found = store.reading().find("tax_id", customer=visit.customer)
    return [(one["id"], one["value"]) for one in found]


def problem_of_tax_id(visit: Visit, given: Mapping[str, str]) -> dict[str, str]:
    value = given.get("tax_id")
    if not value or "tax_id" not in allowed(visit):
        return {}
    number = TAX_NUMBERS.get(given.get("tax_id_type", ""))
    if number is None:
        return {"tax_id_type": "Choose the kind of tax ID"}
    if not number.fits(value):
        return {"tax_id": f"Enter the {number.label}, like {number.example}"}
    return {}


def change(store: Store, visit: Visit, given: Mapping[str, str]) -> None:
    """Only what the configuration allows."""
    may = allowed(visit)
    params: Json = {
        name: given.get(name) or None for name in ("name", "email", "phone") if name in may
    }
    if "address" in may:
        params["address"] = {part: given.get(part) or None for part in ADDRESS}
    if "shipping" in may:
        params["shipping"] = delivery(given)
    with store.writing() as tx:
        customer = customers.update(tx, params, visit.customer)
        if given.get("tax_id") and "tax_id" in may:
            api.make(tx, customer, {"type": given["tax_id_type"], "value": given["tax_id"]})


def delivery(given: Mapping[str, str]) -> Json | None:
    address = {part: given.get(f"shipping_{part}") or None for part in ADDRESS}
    if not any(address.values()):
        return None
    return {"address": address, "name": given.get("shipping_name") or given.get("name") or ""}


def remove_tax_id(store: Store, visit: Visit, id_: str) -> None:
    with store.writing() as tx:
        if "tax_id" in allowed(visit):
            tx.remove(own(tx, visit, "tax_id", id_), "customer.tax_id.deleted")
