"""`add_invoice_items`: what is bought once, together with a subscription."""

from stripe_simulator.api.resources.invoice_item_fields import made
from stripe_simulator.errors import missing_parameter
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def items(tx: Transaction, params: Json, *, customer: str, currency: str) -> list[Json]:
    """Not kept yet. Errors: 400 for a recurring price, or one of another currency."""
    found = []
    for index, extra in enumerate(params.get("add_invoice_items", [])):
        if not (extra.get("price") or extra.get("price_data")):
            raise missing_parameter(f"add_invoice_items[{index}][price]")
        found.append(
            made(
                tx, extra, customer=customer, currency=currency, path=f"add_invoice_items[{index}]"
            )
        )
    return found
