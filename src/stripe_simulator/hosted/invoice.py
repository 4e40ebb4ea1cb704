"""The hosted page of an invoice: what it says, and its button."""

from dataclasses import dataclass

from stripe_simulator.billing import challenges, invoices, methods, renewals, seller
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CardDetails, wrong_entry
from stripe_simulator.checkout import Challenged, NotOpen, Outcome, Paid, declined
from stripe_simulator.money import display
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class InvoiceLine:
    """`amount` in minor units, `start` and `end` in unix seconds."""

    description: str
    quantity: int | None
    amount: int
    start: int
    end: int


@dataclass(frozen=True)
class Sum:
    label: str
    amount: int


@dataclass(frozen=True)
class InvoiceView:
    """Amounts in minor units, times in unix seconds. `status`: open, paid, void, uncollectible."""

    id: str
    number: str
    status: str
    merchant: str
    currency: str
    customer_name: str | None
    customer_email: str | None
    issued_at: int
    due_at: int | None
    paid_at: int | None
    lines: tuple[InvoiceLine, ...]
    sums: tuple[Sum, ...]
    amount_due: int
    amount_remaining: int
    receipt: str | None
    memo: str | None


def view_invoice(store: Store, id_: str) -> InvoiceView | None:
    """None when there is no such invoice, and while it is a draft."""
    tx = store.reading()
    invoice = tx.get(id_, "invoice")
    if invoice is None or invoice.get("deleted") or invoice["status"] == "draft":
        return None
    return InvoiceView(
        id=invoice["id"],
        number=invoice["number"],
        status=invoice["status"],
        merchant=seller.name(tx),
        currency=invoice["currency"],
        customer_name=invoice["customer_name"],
        customer_email=invoice["customer_email"],
        issued_at=invoice["effective_at"],
        due_at=invoice["due_date"],
        paid_at=invoice["status_transitions"]["paid_at"],
        lines=tuple(line_of(line) for line in invoice["lines"]["data"]),
        sums=tuple(sums_of(invoice)),
        amount_due=invoice["amount_due"],
        amount_remaining=invoice["amount_remaining"],
        receipt=receipt_of(tx, invoice),
        memo=invoice["description"],
    )


def line_of(line: Json) -> InvoiceLine:
    return InvoiceLine(
        description=line["description"] or "",
        quantity=line["quantity"],
        amount=line["amount"],
        start=line["period"]["start"],
        end=line["period"]["end"],
    )


def sums_of(invoice: Json) -> list[Sum]:
    """From the lines to what is due; steps that change nothing are left out."""
    discount = sum(one["amount"] for one in invoice["total_discount_amounts"] or [])
    balance = invoice["amount_due"] - max(invoice["total"], 0)
    currency = invoice["currency"]
    sums = [Sum("Subtotal", invoice["subtotal"])]
    if discount:
        sums.append(Sum("Discount", -discount))
    sums += [Sum(f"Tax on {display(of, currency)}", amount) for amount, of in added_taxes(invoice)]
    if is_reverse_charged(invoice):
        sums.append(Sum("Reverse charge: the tax is to be paid by the customer", 0))
    sums.append(Sum("Total", invoice["total"]))
    if balance:
        sums.append(Sum("Applied balance", balance))
    if invoice["amount_paid"]:
        sums.append(Sum("Paid", -invoice["amount_paid"]))
    return sums


def added_taxes(invoice: Json) -> list[tuple[int, int]]:
    """Exclusive taxes, each with what it was counted of; inclusive ones are in the subtotal."""
    return [
        (tax["amount"], tax["taxable_amount"])
        for tax in invoice["total_taxes"] or []
        if tax["tax_behavior"] == "exclusive" and tax["amount"]
    ]


def is_reverse_charged(invoice: Json) -> bool:
    taxes = invoice["total_taxes"] or []
    return any(tax["taxability_reason"] == "reverse_charge" for tax in taxes)


def receipt_of(tx: Transaction, invoice: Json) -> str | None:
    """The receipt of the charge that paid it."""
    for payment in tx.find("invoice_payment", invoice=invoice["id"], status="paid"):
        intent = tx.get(payment["payment"].get("payment_intent") or "", "payment_intent")
        charge = tx.get(intent["latest_charge"] or "", "charge") if intent else None
        if charge:
            url: str | None = charge["receipt_url"]
            return url
    return None


def pay(store: Store, id_: str, *, card: CardDetails) -> Outcome | None:
    """Tries to have an open invoice paid with this card; None when there is no such invoice."""
    with store.writing() as tx:
        invoice = tx.get(id_, "invoice")
        if invoice is None or invoice.get("deleted") or invoice["status"] == "draft":
            return None
        if invoice["status"] != "open":
            return NotOpen(invoice["status"], invoice["hosted_invoice_url"])
        answer = attempt(tx, invoice, card)
        if answer.challenge:
            payment = invoices.default_payment(tx, invoice)
            return Challenged(challenges.page_of(tx, payment["payment"]["payment_intent"]))
        if answer.decline:
            return declined(answer.decline)
        return Paid(invoice["hosted_invoice_url"])


def attempt(tx: Transaction, invoice: Json, card: CardDetails) -> Verdict:
    """The card stays with the customer, and with the subscription, once it has paid."""
    wrong = wrong_entry(card, now=tx.now) or methods.unknown(card)
    if wrong:
        return Verdict(wrong)
    method = methods.create(tx, card)
    result = renewals.attempt(tx, invoice, method=method, retry=False, on_session=True)
    if result.decline is None:
        keep(tx, invoice, method)
    return result


def keep(tx: Transaction, invoice: Json, method: Json) -> None:
    customer = tx.get(invoice["customer"], "customer")
    if customer is None or customer.get("deleted"):
        return
    methods.attach(tx, method, customer)
    subscription = renewals.subscription_of(tx, invoice)
    if subscription and subscription["ended_at"] is None:
        subscription["default_payment_method"] = method["id"]
        tx.save(subscription, "customer.subscription.updated")
