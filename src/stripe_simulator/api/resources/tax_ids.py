"""Tax ids of customers: they stand on the invoices that follow, and automatic tax looks at them."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.checkout.tax_numbers import TAX_NUMBERS
from stripe_simulator.errors import invalid, missing_parameter, missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

NEW = {"type": p.choice(*TAX_NUMBERS), "value": p.filled}
OWNER = p.hash_of(
    {"type": p.choice("customer"), "customer": p.text, "customer_account": p.unsupported},
    required=("type",),
)
OUTCOMES = {"111111111": "unverified", "222222222": "pending"}
"""Test numbers of docs.stripe.com/billing/customer/tax-ids; others are verified."""


def make(tx: Transaction, customer: Json, given: Json) -> Json:
    if not TAX_NUMBERS[given["type"]].fits(given["value"]):
        raise invalid(f"Invalid value for {given['type']}.", param="value", code="tax_id_invalid")
    digits = "".join(c for c in given["value"] if c.isdigit())
    checked = given["type"] in ("eu_vat", "gb_vat", "au_abn")
    status = OUTCOMES.get(digits, "verified") if checked else "unavailable"
    country = given["value"][:2].upper() if given["type"] == "eu_vat" else given["type"][:2].upper()
    made = {
        "id": tx.new_id("tax_id"),
        "object": "tax_id",
        "country": country,
        "created": tx.now,
        "customer": customer["id"],
        "customer_account": None,
        "livemode": False,
        "owner": {"customer": customer["id"], "customer_account": None, "type": "customer"},
        "type": given["type"],
        "value": given["value"],
        "verification": {"status": status, "verified_address": None, "verified_name": None},
    }
    return tx.add(made, "customer.tax_id.created")


def create(tx: Transaction, params: Json, customer: str) -> Json:
    return make(tx, tx.need("customer", customer), params)


def create_own(tx: Transaction, params: Json) -> Json:
    owner = params.get("owner") or {}
    if not owner.get("customer"):
        raise missing_parameter("owner[customer]")
    return make(tx, tx.need("customer", owner["customer"], param="owner[customer]"), params)


def retrieve(tx: Transaction, params: Json, customer: str, id_: str) -> Json:
    del params
    found = tx.need("tax_id", id_)
    if found["customer"] != tx.need("customer", customer)["id"]:
        raise missing_resource("tax_id", id_)
    return found


def retrieve_own(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("tax_id", id_)


def remove(tx: Transaction, params: Json, customer: str, id_: str) -> Json:
    return tx.remove(retrieve(tx, params, customer, id_), "customer.tax_id.deleted")


def remove_own(tx: Transaction, params: Json, id_: str) -> Json:
    return tx.remove(retrieve_own(tx, params, id_), "customer.tax_id.deleted")


def of_customer(tx: Transaction, params: Json, customer: str) -> Json:
    where = {"customer": tx.need("customer", customer)["id"]}
    return page(tx, "tax_id", params, url=f"/v1/customers/{customer}/tax_ids", where=where)


def search(tx: Transaction, params: Json) -> Json:
    where = {"customer": (params.get("owner") or {}).get("customer")}
    return page(tx, "tax_id", params, url="/v1/tax_ids", where=where)


OPERATIONS = (
    post("/v1/customers/{customer}/tax_ids", create, NEW, "type", "value"),
    listing("/v1/customers/{customer}/tax_ids", of_customer),
    get("/v1/customers/{customer}/tax_ids/{id}", retrieve),
    delete("/v1/customers/{customer}/tax_ids/{id}", remove),
    post("/v1/tax_ids", create_own, {**NEW, "owner": OWNER}, "type", "value"),
    listing("/v1/tax_ids", search, owner=OWNER),
    get("/v1/tax_ids/{id}", retrieve_own),
    delete("/v1/tax_ids/{id}", remove_own),
)
