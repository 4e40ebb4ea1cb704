"""A credit note as it is printed."""

from dataclasses import dataclass

from stripe_simulator.billing import seller
from stripe_simulator.state.store import Store


@dataclass(frozen=True)
class CreditNoteView:
    """Amounts in minor units, `issued_at` in unix seconds."""

    number: str
    invoice_number: str
    merchant: str
    status: str
    currency: str
    issued_at: int
    lines: tuple[tuple[str, int], ...]
    total: int


def view_credit_note(store: Store, id_: str) -> CreditNoteView | None:
    tx = store.reading()
    note = tx.get(id_, "credit_note")
    if note is None:
        return None
    return CreditNoteView(
        number=note["number"],
        invoice_number=tx.need("invoice", note["invoice"])["number"],
        merchant=seller.name(tx),
        status=note["status"],
        currency=note["currency"],
        issued_at=note["created"],
        lines=tuple((one["description"] or "", one["amount"]) for one in note["lines"]["data"]),
        total=note["total"],
    )
