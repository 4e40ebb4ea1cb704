"""Taking back a part of an invoice: less is owed, or what was paid goes back.

docs.stripe.com/invoicing/integration/programmatic-credit-notes: before the payment a note reduces
`amount_remaining`; after it, the amount is spread over a refund, the customer's balance and means
outside of Stripe, which have to add up.
"""

from dataclasses import dataclass, field

from stripe_simulator.billing import customer_balance, invoices, refunds, renewals, taxes
from stripe_simulator.errors import invalid
from stripe_simulator.objects import credit_note as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class Spread:
    """Where the money goes, in minor units."""

    refund: int = 0
    credit: int = 0
    out_of_band: int = 0
    refunds: tuple[tuple[str, int | None], ...] = field(default_factory=tuple)
    """Refunds that were made before, with the part of them that belongs to this note."""


def compose(tx: Transaction, invoice: Json, *, lines: list[Json]) -> Json:
    """The note, not yet issued: its lines with their share of the taxes.

    Errors: 400 for a draft or void invoice, or too much.
    """
    if invoice["status"] not in ("open", "paid", "uncollectible"):
        raise invalid(
            f"You cannot create a credit note for an invoice with status {invoice['status']}.",
            param="invoice",
        )
    tax = taxes.summed(tax for line in lines for tax in line["taxes"])
    subtotal = sum(line["amount"] for line in lines)
    amount = subtotal + taxes.sum_of(tax, "exclusive")
    credited = sum(note["amount"] for note in issued(tx, invoice))
    limit = invoice["total"] - credited
    if not 0 < amount <= limit:
        raise invalid(
            f"The credit note amount ({amount}) is greater than the amount that can be credited"
            f" on the invoice ({limit}).",
            param="amount",
        )
    id_ = tx.new_id("credit_note")
    count = len(tx.find("credit_note", invoice=invoice["id"])) + 1
    number = f"{invoice['number']}-CN-{count:02d}"
    pdf = f"{tx.base_url}/i/{invoice['id']}/credit-notes/{id_}/pdf"
    note = built.credit_note(
        id_, invoice, number=number, pdf=pdf, amount=amount, lines=lines, now=tx.now
    )
    net = subtotal - taxes.sum_of(tax, "inclusive")
    return note | {
        "subtotal": subtotal,
        "subtotal_excluding_tax": net,
        "total_excluding_tax": net,
        "total_taxes": tax,
    }


def issued(tx: Transaction, invoice: Json) -> list[Json]:
    return [one for one in tx.find("credit_note", invoice=invoice["id"]) if one["status"] != "void"]


def spread(tx: Transaction, note: Json, invoice: Json, wanted: Spread) -> Spread:
    """Checks that the parts add up. What is still owed is reduced first."""
    owed = min(note["amount"], invoice["amount_remaining"]) if invoice["status"] != "paid" else 0
    note["pre_payment_amount"] = owed
    note["post_payment_amount"] = rest = note["amount"] - owed
    note["type"] = "pre_payment" if not rest else "mixed" if owed else "post_payment"
    linked = tuple((id_, part_of(tx, id_, part)) for id_, part in wanted.refunds)
    parts = wanted.refund + wanted.credit + wanted.out_of_band + sum(p for _, p in linked)
    if parts != rest:
        raise invalid(
            f"The sum of credit_amount, refund_amount and out_of_band_amount ({parts}) must equal"
            f" the post payment amount of the credit note ({rest})."
        )
    return Spread(wanted.refund, wanted.credit, wanted.out_of_band, linked)


def part_of(tx: Transaction, refund: str, part: int | None) -> int:
    found = tx.need("refund", refund, param="refunds")
    return int(found["amount"]) if part is None else part


def issue(tx: Transaction, note: Json, invoice: Json, wanted: Spread) -> Json:
    parts = spread(tx, note, invoice, wanted)
    note["out_of_band_amount"] = parts.out_of_band or None
    note["refunds"] = [linked(id_, part or 0) for id_, part in parts.refunds]
    if parts.refund:
        note["refunds"].append(linked(refund(tx, note, invoice, parts.refund), parts.refund))
    if parts.credit:
        moved = customer_balance.move(
            tx,
            tx.need("customer", invoice["customer"]),
            amount=-parts.credit,
            currency=invoice["currency"],
            reason="credit_note",
            invoice=invoice["id"],
        )
        moved["credit_note"] = note["id"]
        tx.save(moved)
        note["customer_balance_transaction"] = moved["id"]
    tx.add(note, "credit_note.created")
    reduce(tx, note, invoice)
    return note


def linked(refund_id: str, part: int) -> Json:
    return {
        "amount_refunded": part,
        "payment_record_refund": None,
        "refund": refund_id,
        "type": "refund",
    }


def refund(tx: Transaction, note: Json, invoice: Json, amount: int) -> str:
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="paid"):
        intent = tx.need("payment_intent", payment["payment"]["payment_intent"])
        charge = tx.need("charge", intent["latest_charge"])
        metadata = {"credit_note": note["number"]}
        made = refunds.give_back(tx, charge, amount=amount, reason=None, metadata=metadata)
        return str(made["id"])
    raise invalid("This invoice was not paid with a card: there is nothing to refund.")


def reduce(tx: Transaction, note: Json, invoice: Json) -> None:
    """The invoice follows; when nothing is owed any more, it is paid."""
    owed = note["pre_payment_amount"]
    invoice["pre_payment_credit_notes_amount"] += owed
    invoice["post_payment_credit_notes_amount"] += note["post_payment_amount"]
    invoice["amount_due"] -= owed
    invoice["amount_remaining"] -= owed
    tx.save(invoice, "invoice.updated")
    if not owed:
        return
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="open"):
        ask_for_less(tx, payment, invoice)
    if invoice["amount_remaining"] == 0:
        for payment in tx.find("invoice_payment", invoice=invoice["id"], status="open"):
            invoices.cancel_payment(tx, payment)
        invoices.mark_paid(tx, invoice)
        customer = tx.need("customer", invoice["customer"])
        renewals.paid(tx, renewals.subscription_of(tx, invoice), customer, invoice)


def ask_for_less(tx: Transaction, payment: Json, invoice: Json) -> None:
    if invoice["amount_remaining"]:
        payment["amount_requested"] = invoice["amount_remaining"]
        tx.save(payment)
        intent = tx.need("payment_intent", payment["payment"]["payment_intent"])
        intent["amount"] = invoice["amount_remaining"]
        tx.save(intent)


def void(tx: Transaction, note: Json) -> Json:
    """Only while the invoice waits: what went back has gone back."""
    invoice = tx.need("invoice", note["invoice"])
    if note["status"] == "void" or invoice["status"] != "open":
        raise invalid("You can only void credit notes of invoices that are open.")
    owed = note["pre_payment_amount"]
    invoice["pre_payment_credit_notes_amount"] -= owed
    invoice["amount_due"] += owed
    invoice["amount_remaining"] += owed
    tx.save(invoice, "invoice.updated")
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="open"):
        ask_for_less(tx, payment, invoice)
    note |= {"status": "void", "voided_at": tx.now}
    tx.save(note)
    tx.emit("credit_note.voided", note)
    return note
