from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.errors import invalid
from stripe_simulator.objects.tax_rate import tax_rate
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import as_text
from stripe_simulator.state.transaction import Transaction

KINDS = p.choice(
    "admissions_tax",
    "amusement_tax",
    "attendance_tax",
    "communications_tax",
    "digital_excise_tax",
    "entertainment_tax",
    "get_fund",
    "gross_receipts_tax",
    "gst",
    "hospitality_tax",
    "hst",
    "igst",
    "jct",
    "lease_tax",
    "luxury_tax",
    "mass_transit_parking_tax",
    "nhil",
    "parking_tax",
    "pst",
    "qst",
    "resort_tax",
    "retail_delivery_fee",
    "rst",
    "sales_tax",
    "service_tax",
    "tourism_tax",
    "utility_users_tax",
    "vat",
)
CHANGES = {
    **names(p.text, "country", "description", "jurisdiction", "state"),
    "active": p.boolean,
    "display_name": p.filled,
    "metadata": p.metadata,
    "tax_type": KINDS,
}
NEW = {**CHANGES, "inclusive": p.boolean, "percentage": p.decimal}


def create(tx: Transaction, params: Json) -> Json:
    percentage = params["percentage"]
    if not 0 <= percentage <= 100 or percentage != round(percentage, 4):
        raise invalid(
            "The percentage is between 0 and 100, with at most 4 decimal places.",
            param="percentage",
        )
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    return tx.add(tax_rate(tx.new_id("tax_rate"), params, now=tx.now), "tax_rate.created")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("tax_rate", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    """Percentage and behaviour never change; what carries the rate goes on with it."""
    rate = tx.need("tax_rate", id_)
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(rate["metadata"], params["metadata"])
    rate |= {name: value for name, value in params.items() if name != "expand"}
    return tx.save(rate, "tax_rate.updated")


def search(tx: Transaction, params: Json) -> Json:
    where = {
        name: as_text(params[name]) if name in params else None for name in ("active", "inclusive")
    }
    return page(tx, "tax_rate", params, url="/v1/tax_rates", where=where)


OPERATIONS = (
    post("/v1/tax_rates", create, NEW, "display_name", "inclusive", "percentage"),
    listing("/v1/tax_rates", search, **p.CREATED, **names(p.boolean, "active", "inclusive")),
    get("/v1/tax_rates/{id}", retrieve),
    post("/v1/tax_rates/{id}", update, CHANGES),
)
