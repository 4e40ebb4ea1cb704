"""The history of what a person has bought, and the paper for each, from our own rows alone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.service import find_user
from admit.billing.invoices.models import Invoice
from admit.billing.invoices.service import invoice_of
from admit.billing.invoices.standing import Standing
from admit.billing.ledger.repository import Key, Ledger, Span
from admit.billing.ledger.views import (
    Entry,
    LedgerPage,
    Receipt,
    ReceiptPayment,
    of_invoice,
    of_payment,
    receipt_lines,
)
from admit.billing.ledger.words import CHOICES
from admit.billing.payments.models import Payment
from admit.billing.payments.repository import Payments
from admit.billing.payments.service import PaymentView, views_of
from admit.billing.refunds.standing import counts

PAGE = 25


async def newest_of(db: AsyncSession, user_id: str, *, limit: int) -> Sequence[Entry]:
    return await _entries(db, await Ledger(db).of_user(user_id, after=None, limit=limit))


async def ledger_of(
    db: AsyncSession,
    user_id: str,
    *,
    status: str = "",
    year: int | None = None,
    before: str | None = None,
) -> LedgerPage:
    """Newest first. A `status` that is no choice narrows nothing; `before` that is nobody's, or
    somebody else's, begins at the newest.
    """
    ledger = Ledger(db)
    _, standings = CHOICES.get(status, ("", ()))
    keys = await ledger.of_user(
        user_id,
        after=await ledger.place_of(user_id, before) if before else None,
        limit=PAGE + 1,
        standings=standings,
        within=_year(year) if year else None,
    )
    first, last = await ledger.span_of(user_id)
    return LedgerPage(
        entries=await _entries(db, keys[:PAGE]),
        older=keys[PAGE - 1].id if len(keys) > PAGE else None,
        years=range(last.year, first.year - 1, -1) if first and last else (),
    )


def _year(year: int) -> Span:
    return Span(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


async def _entries(db: AsyncSession, keys: Sequence[Key]) -> Sequence[Entry]:
    ids = [key.id for key in keys]
    invoices = await db.scalars(select(Invoice).where(Invoice.id.in_(ids)))
    payments = await db.scalars(select(Payment).where(Payment.id.in_(ids)))
    found = {row.id: of_invoice(row) for row in invoices} | {
        row.id: of_payment(row) for row in payments
    }
    return [found[key.id] for key in keys]


async def receipt_of(db: AsyncSession, user_id: str, invoice_id: str) -> Receipt:
    """Raises `UnknownInvoice`, also for somebody else's."""
    row = await invoice_of(db, user_id, invoice_id)
    buyer = await find_user(db, user_id)
    attempts = await views_of(db, await Payments(db).of_invoice(row.id))
    return Receipt(
        id=row.id,
        number=row.number,
        date=row.finalized_at or row.created_at,
        standing=Standing(row.standing),
        currency=row.currency,
        buyer_name=f"{buyer.first_name} {buyer.last_name}".strip() if buyer else "",
        buyer_email=buyer.email if buyer else "",
        lines=receipt_lines(row),
        subtotal=row.subtotal,
        discount=row.discount,
        tax=row.tax,
        reverse_charge=row.reverse_charge,
        total=row.total,
        paid=row.amount_paid,
        refunded=row.refunded,
        payments=sorted(_moves(attempts), key=lambda move: move.date),
        hosted_url=row.hosted_url,
        pdf_url=row.pdf_url,
    )


def _moves(attempts: Sequence[PaymentView]) -> Iterator[ReceiptPayment]:
    """What was paid, and what went back; attempts that failed moved nothing."""
    for attempt in attempts:
        row = attempt.row
        if row.status == "succeeded":
            yield ReceiptPayment(row.created_at, f"Paid {_by(row)}".strip(), row.amount)
        for refund in attempt.refunds:
            if counts(refund.status):
                yield ReceiptPayment(refund.created_at, "Refunded", -refund.amount)


def _by(row: Payment) -> str:
    if row.brand and row.last4:
        return f"with {row.brand.capitalize()} ending in {row.last4}"
    return f"by {row.method.replace('_', ' ')}" if row.method else ""
