from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import Operation, get, listing, names, post
from stripe_simulator.api.pagination import page, page_of
from stripe_simulator.billing import credit_notes, taxes
from stripe_simulator.errors import invalid, missing_parameter, missing_resource
from stripe_simulator.objects import credit_note as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

AMOUNT = p.between(0, p.MOST_AMOUNT)
WANTED = {
    **names(AMOUNT, "amount", "credit_amount", "out_of_band_amount", "refund_amount"),
    **names(p.unsupported, "effective_at", "shipping_cost"),
    "email_type": p.choice("credit_note", "none"),
    "invoice": p.filled,
    "lines": p.array(
        p.hash_of(
            {
                "amount": AMOUNT,
                "description": p.text,
                "invoice_line_item": p.text,
                "quantity": p.between(1, p.MOST_QUANTITY),
                "type": p.choice("custom_line_item", "invoice_line_item"),
                "unit_amount": AMOUNT,
                **names(
                    p.unsupported, "metadata", "tax_amounts", "tax_rates", "unit_amount_decimal"
                ),
            },
            required=("type",),
        )
    ),
    "memo": p.text,
    "metadata": p.metadata,
    "reason": p.choice("duplicate", "fraudulent", "order_change", "product_unsatisfactory"),
    "refunds": p.array(
        p.hash_of(
            {
                "amount_refunded": AMOUNT,
                "refund": p.filled,
                "type": p.choice("refund"),
                "payment_record_refund": p.unsupported,
            },
            required=("refund",),
        )
    ),
}


def composed(tx: Transaction, params: Json) -> tuple[Json, Json]:
    invoice = tx.need("invoice", params["invoice"], param="invoice")
    lines = [line_of(tx, invoice, one, at) for at, one in enumerate(params.get("lines", []))]
    amount = params.get("amount")
    if lines and amount is not None:
        raise invalid("You may only specify one of these parameters: amount, lines.")
    if not lines:
        amount = amount if amount is not None else total_of(params)
        lines = [whole(tx, amount)]
    note = credit_notes.compose(tx, invoice, lines=lines)
    note |= {name: params[name] for name in ("memo", "reason") if name in params}
    note["metadata"] = p.new_metadata(params.get("metadata", {}))
    return note, invoice


def total_of(params: Json) -> int:
    parts = [params.get(f"{name}_amount") for name in ("credit", "refund", "out_of_band")]
    if not any(parts):
        raise missing_parameter("amount")
    return sum(part or 0 for part in parts)


def whole(tx: Transaction, amount: int) -> Json:
    return built.line(
        tx.new_id("credit_note_line_item"),
        amount=amount,
        description="Credit",
        quantity=1,
        invoice_line=None,
        unit_amount=amount,
    )


def line_of(tx: Transaction, invoice: Json, given: Json, index: int) -> Json:
    path = f"lines[{index}]"
    if given["type"] == "custom_line_item":
        return custom_line(tx, given, path)
    known = {line["id"]: line for line in invoice["lines"]["data"]}
    line = known.get(given.get("invoice_line_item", ""))
    if line is None:
        param = f"{path}[invoice_line_item]"
        raise missing_resource("invoice line item", given.get("invoice_line_item", ""), param=param)
    quantity, amount = given.get("quantity"), given.get("amount")
    if amount is None:
        share = quantity if quantity is not None else line["quantity"]
        amount = line["amount"] * share // max(line["quantity"] or 1, 1)
    if amount > line["amount"]:
        raise invalid("More than the line's amount cannot be credited.", param=f"{path}[amount]")
    made = built.line(
        tx.new_id("credit_note_line_item"),
        amount=amount,
        description=given.get("description") or line["description"],
        quantity=quantity,
        invoice_line=line["id"],
        unit_amount=None,
    )
    made["taxes"] = taxes.credited(line, amount)
    return made


def custom_line(tx: Transaction, given: Json, path: str) -> Json:
    for name in ("description", "quantity", "unit_amount"):
        if given.get(name) is None:
            raise missing_parameter(f"{path}[{name}]")
    return built.line(
        tx.new_id("credit_note_line_item"),
        amount=given["unit_amount"] * given["quantity"],
        description=given["description"],
        quantity=given["quantity"],
        invoice_line=None,
        unit_amount=given["unit_amount"],
    )


def wanted(params: Json) -> credit_notes.Spread:
    return credit_notes.Spread(
        refund=params.get("refund_amount", 0),
        credit=params.get("credit_amount", 0),
        out_of_band=params.get("out_of_band_amount", 0),
        refunds=tuple((r["refund"], r.get("amount_refunded")) for r in params.get("refunds", [])),
    )


def create(tx: Transaction, params: Json) -> Json:
    note, invoice = composed(tx, params)
    return credit_notes.issue(tx, note, invoice, wanted(params))


def preview(tx: Transaction, params: Json) -> Json:
    note, invoice = composed(tx, params)
    parts = credit_notes.spread(tx, note, invoice, wanted(params))
    note["out_of_band_amount"] = parts.out_of_band or None
    return note


def preview_lines(tx: Transaction, params: Json) -> Json:
    lines = preview(tx, params)["lines"]["data"]
    return page_of(lines, params, url="/v1/credit_notes/preview/lines")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("credit_note", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    note = tx.need("credit_note", id_)
    if "metadata" in params:
        note["metadata"] = p.merged_metadata(note["metadata"], params["metadata"])
    if "memo" in params:
        note["memo"] = params["memo"]
    return tx.save(note, "credit_note.updated")


def void(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return credit_notes.void(tx, tx.need("credit_note", id_))


def lines(tx: Transaction, params: Json, id_: str) -> Json:
    note = tx.need("credit_note", id_)
    return page_of(note["lines"]["data"], params, url=f"/v1/credit_notes/{id_}/lines")


def search(tx: Transaction, params: Json) -> Json:
    where = {name: params.get(name) for name in ("customer", "invoice")}
    return page(tx, "credit_note", params, url="/v1/credit_notes", where=where)


def previewing(path: str, handler: Any, **more: Any) -> Operation:
    fields = {**p.EXPAND, **WANTED, **more}
    return Operation("GET", path, handler, fields, frozenset({"invoice"}))


OPERATIONS = (
    post("/v1/credit_notes", create, WANTED, "invoice"),
    listing(
        "/v1/credit_notes",
        search,
        **p.CREATED,
        **names(p.text, "customer", "invoice"),
        customer_account=p.unsupported,
    ),
    previewing("/v1/credit_notes/preview", preview),
    previewing("/v1/credit_notes/preview/lines", preview_lines, **p.PAGE),
    get("/v1/credit_notes/{id}", retrieve),
    post("/v1/credit_notes/{id}", update, {"memo": p.text, "metadata": p.metadata}),
    post("/v1/credit_notes/{id}/void", void),
    listing("/v1/credit_notes/{id}/lines", lines),
)
