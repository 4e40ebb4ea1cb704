"""The receipt of a charge."""

from dataclasses import dataclass

from stripe_simulator.billing import seller
from stripe_simulator.state.store import Store


@dataclass(frozen=True)
class ReceiptView:
    """Amounts in minor units; `paid_at` in unix seconds."""

    id: str
    merchant: str
    currency: str
    amount: int
    refunded: int
    paid_at: int
    brand: str
    last4: str
    description: str | None
    invoice_url: str | None


def view_receipt(store: Store, charge_id: str) -> ReceiptView | None:
    """None when there is no such charge, or when it did not succeed."""
    tx = store.reading()
    charge = tx.get(charge_id, "charge")
    if charge is None or charge["status"] != "succeeded":
        return None
    links = tx.find("invoice_payment", payment_intent=charge["payment_intent"])
    invoice = tx.get(links[0]["invoice"], "invoice") if links else None
    card = charge["payment_method_details"]["card"]
    return ReceiptView(
        id=charge["id"],
        merchant=seller.name(tx),
        currency=charge["currency"],
        amount=charge["amount_captured"],
        refunded=charge["amount_refunded"],
        paid_at=charge["created"],
        brand=card["brand"],
        last4=card["last4"],
        description=charge["description"],
        invoice_url=invoice["hosted_invoice_url"] if invoice else None,
    )
