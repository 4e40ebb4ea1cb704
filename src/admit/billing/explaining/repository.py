from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import InvoicePayment, Payment
from admit.core.clock import to_seconds
from admit.core.events import EventRow


class Evidence:
    """What was known of a subscription's money at a moment that is past."""

    def __init__(self, db: AsyncSession, at: datetime) -> None:
        self.db = db
        self.at = at

    async def paid_invoice(self, subscription_id: str) -> Invoice | None:
        """The newest that had been paid by then."""
        return await self._newest(subscription_id, Invoice.paid_at <= self.at)

    async def due_invoice(self, subscription_id: str) -> Invoice | None:
        """The newest that was due and not paid."""
        not_paid = or_(Invoice.paid_at.is_(None), Invoice.paid_at > self.at)
        is_due = and_(Invoice.finalized_at <= self.at, Invoice.status != "void")
        return await self._newest(subscription_id, and_(is_due, not_paid))

    async def _newest(self, subscription_id: str, condition: ColumnElement[bool]) -> Invoice | None:
        return await self.db.scalar(
            select(Invoice)
            .where(
                Invoice.subscription_id == subscription_id,
                Invoice.deleted.is_(False),
                condition,
            )
            .order_by(Invoice.created_at.desc(), Invoice.id.desc())
            .limit(1)
        )

    async def payment(self, invoice_id: str) -> Payment | None:
        """That paid the invoice; what was paid outside of Stripe has none."""
        meant = select(InvoicePayment.payment_id).where(InvoicePayment.invoice_id == invoice_id)
        return await self.db.scalar(
            select(Payment)
            .where(
                or_(Payment.payment_intent_id.in_(meant), Payment.id.in_(meant)),
                and_(Payment.status == "succeeded", Payment.created_at <= self.at),
            )
            .order_by(Payment.created_at.desc(), Payment.id.desc())
            .limit(1)
        )

    async def event(self, object_id: str, names: Sequence[str]) -> EventRow | None:
        """The newest of these about the object; after a while events are pruned."""
        return await self.db.scalar(
            select(EventRow)
            .where(
                EventRow.subject == object_id,
                EventRow.source == "stripe",
                EventRow.name.in_(names),
                EventRow.occurred <= to_seconds(self.at),
            )
            .order_by(EventRow.occurred.desc(), EventRow.id.desc())
            .limit(1)
        )
