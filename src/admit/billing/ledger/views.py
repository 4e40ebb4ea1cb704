"""What pages show of the ledger. Amounts are in the currency's minor unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from admit.billing.invoices.lines import subject_of
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.standing import Standing
from admit.billing.ledger.words import WORDS
from admit.billing.payments.models import Payment
from admit.core.clock import from_seconds


@dataclass(frozen=True)
class Entry:
    """One line of the history: an invoice, or a payment that was made without one."""

    id: str
    invoice_id: str | None
    """Of the receipt that we write ourselves."""
    date: datetime
    number: str | None
    what: str
    amount: int
    tax: int
    refunded: int
    currency: str
    standing: Standing
    at_stripe: str | None
    """The invoice, or the receipt of the payment, at Stripe."""

    @property
    def words(self) -> str:
        return WORDS[self.standing]


@dataclass(frozen=True)
class LedgerPage:
    entries: Sequence[Entry]
    older: str | None
    """The id to ask for what came before; None at the end."""
    years: Sequence[int]
    """In which something was bought, the latest first."""


def of_invoice(row: Invoice) -> Entry:
    return Entry(
        id=row.id,
        invoice_id=row.id,
        date=row.finalized_at or row.created_at,
        number=row.number,
        what=subject_of(row.lines),
        amount=row.total,
        tax=row.tax,
        refunded=row.refunded,
        currency=row.currency,
        standing=Standing(row.standing),
        at_stripe=row.hosted_url,
    )


def of_payment(row: Payment) -> Entry:
    return Entry(
        id=row.id,
        invoice_id=None,
        date=row.created_at,
        number=None,
        what=row.description or "A purchase",
        amount=row.amount,
        tax=0,
        refunded=row.refunded,
        currency=row.currency,
        standing=Standing(row.standing),
        at_stripe=row.receipt_url,
    )


@dataclass(frozen=True)
class ReceiptLine:
    description: str
    quantity: int
    amount: int
    starts: datetime
    ends: datetime

    @property
    def is_a_period(self) -> bool:
        return self.starts < self.ends


@dataclass(frozen=True)
class ReceiptPayment:
    """An attempt to pay, or money that went back (`amount` below zero)."""

    date: datetime
    what: str
    amount: int


@dataclass(frozen=True)
class Receipt:
    """Everything on the paper, so that it can be printed while Stripe is down."""

    id: str
    number: str | None
    date: datetime
    standing: Standing
    currency: str
    buyer_name: str
    buyer_email: str
    lines: Sequence[ReceiptLine]
    subtotal: int
    discount: int
    tax: int
    total: int
    paid: int
    refunded: int
    payments: Sequence[ReceiptPayment]
    hosted_url: str | None
    pdf_url: str | None
    reverse_charge: bool = False
    """The buyer, a business elsewhere, pays the tax to their own state."""

    @property
    def words(self) -> str:
        return WORDS[self.standing]

    @property
    def tax_is_included(self) -> bool:
        """Prices that hold their tax add up to the total without it."""
        return self.subtotal - self.discount == self.total


def receipt_lines(row: Invoice) -> Sequence[ReceiptLine]:
    return [
        ReceiptLine(
            description=line["description"] or "A purchase",
            quantity=line["quantity"],
            amount=line["amount"],
            starts=from_seconds(line["starts"]),
            ends=from_seconds(line["ends"]),
        )
        for line in row.lines
    ]
