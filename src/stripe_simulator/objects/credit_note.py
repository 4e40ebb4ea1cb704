from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json


def credit_note(
    id_: str, invoice: Json, *, number: str, pdf: str, amount: int, lines: list[Json], now: int
) -> Json:
    """A note for `amount` minor units, not yet spread over refund, credit and other means."""
    return {
        "id": id_,
        "object": "credit_note",
        "amount": amount,
        "amount_shipping": 0,
        "created": now,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": now,
        "invoice": invoice["id"],
        "lines": list_of(lines, url=f"/v1/credit_notes/{id_}/lines"),
        "livemode": False,
        "memo": None,
        "metadata": {},
        "number": number,
        "out_of_band_amount": None,
        "pdf": pdf,
        "post_payment_amount": 0,
        "pre_payment_amount": 0,
        "pretax_credit_amounts": [],
        "reason": None,
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_excluding_tax": amount,
        "total_taxes": [],
        "type": "pre_payment",
        "voided_at": None,
    }


def line(
    id_: str,
    *,
    amount: int,
    description: str | None,
    quantity: int | None,
    invoice_line: str | None,
    unit_amount: int | None,
) -> Json:
    built: Json = {
        "id": id_,
        "object": "credit_note_line_item",
        "amount": amount,
        "description": description,
        "discount_amount": 0,
        "discount_amounts": [],
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "tax_rates": [],
        "taxes": [],
        "type": "invoice_line_item" if invoice_line else "custom_line_item",
        "unit_amount": unit_amount,
        "unit_amount_decimal": None if unit_amount is None else str(unit_amount),
    }
    return built | ({"invoice_line_item": invoice_line} if invoice_line else {})
