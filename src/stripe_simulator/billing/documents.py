"""Where an invoice and a charge can be looked at. The address is all that it takes to see one."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def publish(tx: Transaction, invoice: Json) -> None:
    """A finalized invoice has a page and a PDF; a draft has neither."""
    invoice["hosted_invoice_url"] = f"{tx.base_url}/i/{invoice['id']}"
    invoice["invoice_pdf"] = f"{tx.base_url}/i/{invoice['id']}/pdf"


def receipt_url(tx: Transaction, charge_id: str) -> str:
    return f"{tx.base_url}/r/{charge_id}"
