"""The lines of a draft: put on, changed, taken off."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names, post
from stripe_simulator.api.resources.invoice_drafts import editable
from stripe_simulator.api.resources.invoice_item_fields import LINE, made
from stripe_simulator.api.resources.tax_fields import rates
from stripe_simulator.billing import invoice_items, totals
from stripe_simulator.errors import StripeError, invalid, missing_resource
from stripe_simulator.money import times
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

ADDED = p.array(p.hash_of({**LINE, "invoice_item": p.filled, "tax_amounts": p.unsupported}))
REMOVED = p.array(
    p.hash_of(
        {"id": p.filled, "behavior": p.choice("delete", "unassign")}, required=("id", "behavior")
    )
)
CHANGED_LINE = {
    name: LINE[name]
    for name in (
        "amount",
        "description",
        "discountable",
        "metadata",
        "period",
        "quantity",
        "tax_rates",
    )
} | names(
    p.unsupported,
    "discounts",
    "price_data",
    "pricing",
    "quantity_decimal",
    "tax_amounts",
)


def add_lines(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = editable(tx, id_)
    for line in params["lines"]:
        item = waiting_or_new(tx, invoice, line)
        invoice["lines"]["data"].append(invoice_items.take(tx, item, id_))
    return reckoned(tx, invoice, params)


def waiting_or_new(tx: Transaction, invoice: Json, line: Json) -> Json:
    if not line.get("invoice_item"):
        customer, unit = invoice["customer"], invoice["currency"]
        return tx.add(made(tx, line, customer=customer, currency=unit), "invoiceitem.created")
    item = tx.need("invoiceitem", line["invoice_item"], param="lines[invoice_item]")
    if item["invoice"] or item["customer"] != invoice["customer"]:
        raise invalid("The item does not wait for an invoice of this customer.", param="lines")
    return item


def remove_lines(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = editable(tx, id_)
    for wanted in params["lines"]:
        line = line_of(invoice, wanted["id"])
        invoice["lines"]["data"].remove(line)
        item = item_behind(tx, line)
        if item and wanted["behavior"] == "delete":
            tx.remove(item, "invoiceitem.deleted")
        elif item:
            item["invoice"] = None
            tx.save(item)
    return reckoned(tx, invoice, params)


def line_of(invoice: Json, id_: str) -> Json:
    for line in invoice["lines"]["data"]:
        if line["id"] == id_:
            found: Json = line
            return found
    raise missing_line(id_)


def missing_line(id_: str) -> StripeError:
    return missing_resource("line item", id_, param="lines")


def item_behind(tx: Transaction, line: Json) -> Json | None:
    parent = line["parent"]
    details = parent["invoice_item_details"] or parent["subscription_item_details"]
    return tx.get(details["invoice_item"], "invoiceitem") if details["invoice_item"] else None


def update_lines(tx: Transaction, params: Json, id_: str) -> Json:
    invoice = editable(tx, id_)
    for wanted in params["lines"]:
        change_line(tx, invoice, line_of(invoice, wanted.pop("id")), wanted)
    return reckoned(tx, invoice, params)


def update_line(tx: Transaction, params: Json, id_: str, line_id: str) -> Json:
    invoice = editable(tx, id_)
    line = line_of(invoice, line_id)
    params.pop("expand", None)
    change_line(tx, invoice, line, params)
    reckoned(tx, invoice, {})
    return line


def change_line(tx: Transaction, invoice: Json, line: Json, params: Json) -> None:
    """An amount of its own; everything else as given."""
    for name in ("description", "discountable", "period"):
        if name in params:
            line[name] = params[name]
    if "metadata" in params:
        line["metadata"] = p.merged_metadata(line["metadata"], params["metadata"])
    if "tax_rates" in params:
        own = rates(tx, params["tax_rates"], "tax_rates")
        invoice.setdefault("_tax_rates", {})[line["id"]] = own
    if "amount" in params:
        line["amount"] = line["subtotal"] = params["amount"]
    if "quantity" in params:
        unit = p.decimal(line["pricing"]["unit_amount_decimal"] or 0, "quantity")
        line["quantity"] = params["quantity"]
        line["quantity_decimal"] = str(params["quantity"])
        line["amount"] = line["subtotal"] = times(unit, params["quantity"])


def reckoned(tx: Transaction, invoice: Json, params: Json) -> Json:
    if "invoice_metadata" in params:
        given = params["invoice_metadata"]
        invoice["metadata"] = p.merged_metadata(invoice["metadata"], given)
    totals.reckon(tx, invoice, tx.need("customer", invoice["customer"]))
    return tx.save(invoice, "invoice.updated")


OPERATIONS = (
    post(
        "/v1/invoices/{id}/add_lines",
        add_lines,
        {"lines": ADDED, "invoice_metadata": p.metadata},
        "lines",
    ),
    post(
        "/v1/invoices/{id}/remove_lines",
        remove_lines,
        {"lines": REMOVED, "invoice_metadata": p.metadata},
        "lines",
    ),
    post(
        "/v1/invoices/{id}/update_lines",
        update_lines,
        {
            "lines": p.array(p.hash_of({**CHANGED_LINE, "id": p.filled}, required=("id",))),
            "invoice_metadata": p.metadata,
        },
        "lines",
    ),
    post("/v1/invoices/{id}/lines/{line}", update_line, CHANGED_LINE),
)
