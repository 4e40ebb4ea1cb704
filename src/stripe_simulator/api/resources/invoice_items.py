from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import discounts
from stripe_simulator.api.resources.invoice_item_fields import LINE, made
from stripe_simulator.api.resources.tax_fields import rates
from stripe_simulator.billing import invoice_items, totals
from stripe_simulator.billing.standing import use_currency
from stripe_simulator.errors import StripeError, invalid, missing_parameter
from stripe_simulator.money import times
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import as_text
from stripe_simulator.state.transaction import Transaction

NEW = {
    **LINE,
    **names(p.filled, "currency", "customer", "invoice", "subscription"),
    **names(p.unsupported, "customer_account", "tax_behavior", "tax_code"),
    "unit_amount_decimal": p.decimal,
}
CHANGES = {
    name: LINE[name]
    for name in (
        "amount",
        "description",
        "discountable",
        "discounts",
        "metadata",
        "period",
        "tax_rates",
    )
} | {
    "quantity": p.between(0, p.MOST_QUANTITY),
    "unit_amount_decimal": p.decimal,
    **names(
        p.unsupported,
        "invoicing_rules",
        "price_data",
        "pricing",
        "quantity_decimal",
        "tax_behavior",
        "tax_code",
    ),
}


def create(tx: Transaction, params: Json) -> Json:
    """Waits for the next invoice, or goes onto the draft that is named."""
    if not params.get("customer"):
        raise missing_parameter("customer")
    customer = tx.need("customer", params["customer"], param="customer")
    if params.get("subscription"):
        tx.need("subscription", params["subscription"], param="subscription")
    invoice = draft_of(tx, params["invoice"], customer) if params.get("invoice") else None
    item = made(
        tx,
        params,
        customer=customer["id"],
        currency=invoice["currency"] if invoice else customer["currency"],
        subscription=params.get("subscription"),
    )
    tx.add(item)
    if invoice:
        put_on(tx, item, invoice, customer)
    tx.emit("invoiceitem.created", item)
    # From its first item on, a customer is charged in one currency (docs.stripe.com/api/customers).
    if customer["currency"] is None:
        use_currency(tx, customer, item["currency"])
    return item


def draft_of(tx: Transaction, id_: str, customer: Json) -> Json:
    invoice = tx.need("invoice", id_, param="invoice")
    if invoice["status"] != "draft":
        raise not_editable()
    if invoice["customer"] != customer["id"]:
        raise invalid("The invoice belongs to another customer.", param="invoice")
    return invoice


def not_editable() -> StripeError:
    return invalid(
        "This invoice is no longer editable: only drafts can be changed.",
        code="invoice_not_editable",
    )


def put_on(tx: Transaction, item: Json, invoice: Json, customer: Json) -> None:
    if item["currency"] != invoice["currency"]:
        raise invalid("The item's currency is not that of the invoice.", param="currency")
    invoice["lines"]["data"].append(invoice_items.take(tx, item, invoice["id"]))
    totals.reckon(tx, invoice, customer)
    tx.save(invoice, "invoice.updated")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("invoiceitem", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    item = tx.need("invoiceitem", id_)
    invoice = open_draft(tx, item)
    if item["proration"] and {"amount", "quantity", "unit_amount_decimal"} & params.keys():
        raise invalid("The amount of a proration cannot be changed.")
    for name in ("description", "discountable", "period"):
        if name in params:
            item[name] = params[name]
    if "metadata" in params:
        item["metadata"] = p.merged_metadata(item["metadata"], params["metadata"])
    if "discounts" in params:
        item["discounts"] = discounts.ids(
            tx,
            params["discounts"],
            customer=item["customer"],
            kept=item["discounts"],
            currency=item["currency"],
            invoice_item=id_,
        )
    if "tax_rates" in params:
        item["tax_rates"] = rates(tx, params["tax_rates"], "tax_rates")
    set_amount(item, params)
    tx.save(item)
    if invoice:
        refresh_line(tx, item, invoice)
    return item


def open_draft(tx: Transaction, item: Json) -> Json | None:
    """The draft that the item is on. Errors: 400 when the invoice is no draft any more."""
    invoice = tx.get(item["invoice"], "invoice") if item["invoice"] else None
    if invoice and invoice["status"] != "draft":
        raise not_editable()
    return invoice


def set_amount(item: Json, params: Json) -> None:
    if "amount" in params:
        item["amount"] = params["amount"]
        item["pricing"]["unit_amount_decimal"] = str(params["amount"])
        item["quantity"] = 1
    elif "quantity" in params or "unit_amount_decimal" in params:
        unit = params.get("unit_amount_decimal") or p.decimal(
            item["pricing"]["unit_amount_decimal"] or 0, "unit_amount_decimal"
        )
        item["pricing"]["unit_amount_decimal"] = f"{unit:f}"
        item["quantity"] = params.get("quantity", item["quantity"])
        item["amount"] = times(unit, item["quantity"])
    item["net_amount"] = item["amount"]
    item["quantity_decimal"] = str(item["quantity"])


def refresh_line(tx: Transaction, item: Json, invoice: Json) -> None:
    lines = invoice["lines"]["data"]
    invoice["lines"]["data"] = [
        invoice_items.line_of(line["id"], item, invoice["id"])
        if line["id"] == item["_line"]
        else line
        for line in lines
    ]
    totals.reckon(tx, invoice, tx.need("customer", invoice["customer"]))
    tx.save(invoice, "invoice.updated")


def remove(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    item = tx.need("invoiceitem", id_)
    invoice = open_draft(tx, item)
    if invoice:
        left = [line for line in invoice["lines"]["data"] if line["id"] != item["_line"]]
        invoice["lines"]["data"] = left
        totals.reckon(tx, invoice, tx.need("customer", invoice["customer"]))
        tx.save(invoice, "invoice.updated")
    return tx.remove(item, "invoiceitem.deleted")


def search(tx: Transaction, params: Json) -> Json:
    where = {
        "customer": params.get("customer"),
        "invoice": params.get("invoice"),
        "pending": as_text(params["pending"]) if "pending" in params else None,
    }
    return page(tx, "invoiceitem", params, url="/v1/invoiceitems", where=where)


OPERATIONS = (
    post("/v1/invoiceitems", create, NEW),
    listing(
        "/v1/invoiceitems",
        search,
        **p.CREATED,
        **names(p.text, "customer", "invoice"),
        customer_account=p.unsupported,
        pending=p.boolean,
    ),
    get("/v1/invoiceitems/{id}", retrieve),
    post("/v1/invoiceitems/{id}", update, CHANGES),
    delete("/v1/invoiceitems/{id}", remove),
)
