"""What the API says of an invoice. Amounts are in the currency's minor unit, times in UTC."""

from datetime import datetime

from pydantic import BaseModel

from admit.billing.invoices.models import Invoice
from admit.billing.invoices.standing import Standing
from admit.core.clock import from_seconds


class InvoiceLine(BaseModel):
    description: str | None
    quantity: int
    amount: int
    starts_at: datetime
    ends_at: datetime


class InvoiceShown(BaseModel):
    id: str
    number: str | None
    status: Standing
    """What became of its money."""
    subscription_id: str | None
    currency: str
    subtotal: int
    discount: int
    tax: int
    total: int
    amount_due: int
    amount_paid: int
    refunded: int
    created_at: datetime
    paid_at: datetime | None
    covers_until: datetime | None
    """How far it pays ahead; null where it pays for no period."""
    next_attempt_at: datetime | None
    hosted_url: str | None
    """Where it is seen, and paid, at Stripe."""
    pdf_url: str | None
    lines: list[InvoiceLine]


def invoice_shown(row: Invoice) -> InvoiceShown:
    return InvoiceShown(
        id=row.id,
        number=row.number,
        status=Standing(row.standing),
        subscription_id=row.subscription_id,
        currency=row.currency,
        subtotal=row.subtotal,
        discount=row.discount,
        tax=row.tax,
        total=row.total,
        amount_due=row.amount_due,
        amount_paid=row.amount_paid,
        refunded=row.refunded,
        created_at=row.created_at,
        paid_at=row.paid_at,
        covers_until=row.covers_until,
        next_attempt_at=row.next_attempt_at,
        hosted_url=row.hosted_url,
        pdf_url=row.pdf_url,
        lines=[
            InvoiceLine(
                description=line["description"],
                quantity=line["quantity"],
                amount=line["amount"],
                starts_at=from_seconds(line["starts"]),
                ends_at=from_seconds(line["ends"]),
            )
            for line in row.lines
        ],
    )
