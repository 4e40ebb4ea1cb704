from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from admit.billing.customers.models import BillingAccount
from admit.billing.disputes.models import Dispute
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.reconciliation.places import Place, before
from admit.billing.refunds.models import Refund

Back = TypeVar("Back", Refund, Dispute)

HAS_INVOICE = exists().where(
    or_(
        InvoicePayment.payment_id == Payment.payment_intent_id,
        InvoicePayment.payment_id == Payment.id,
    )
)


def of_user(user_id: str) -> ColumnElement[bool]:
    return Payment.billing_account_id.in_(
        select(BillingAccount.id).where(BillingAccount.user_id == user_id)
    )


class Payments:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_user(self, user_id: str, *, after: Place | None, limit: int) -> Sequence[Payment]:
        """Newest first."""
        newest = (
            select(Payment)
            .where(of_user(user_id), Payment.deleted.is_(False))
            .order_by(Payment.created_at.desc(), Payment.id.desc())
        )
        if after is not None:
            newest = newest.where(before(after, Payment.created_at, Payment.id))
        return (await self.db.scalars(newest.limit(limit))).all()

    async def one_of_user(self, user_id: str, payment_id: str) -> Payment | None:
        return await self.db.scalar(
            select(Payment).where(
                of_user(user_id), Payment.id == payment_id, Payment.deleted.is_(False)
            )
        )

    async def of_invoice(self, invoice_id: str) -> Sequence[Payment]:
        """The attempts to pay it, oldest first."""
        meant = select(InvoicePayment.payment_id).where(InvoicePayment.invoice_id == invoice_id)
        rows = await self.db.scalars(
            select(Payment)
            .where(
                or_(Payment.payment_intent_id.in_(meant), Payment.id.in_(meant)),
                Payment.deleted.is_(False),
            )
            .order_by(Payment.created_at, Payment.id)
        )
        return rows.all()

    async def meant_for(self, invoice_id: str) -> Sequence[str]:
        """The payment intents, or charges without one, that Stripe has made for it."""
        rows = await self.db.scalars(
            select(InvoicePayment.payment_id)
            .where(InvoicePayment.invoice_id == invoice_id)
            .order_by(InvoicePayment.id)
        )
        return rows.all()

    async def invoice_ids(self, payments: Collection[Payment]) -> Mapping[str, str]:
        """By the id of the payment intent, or of the charge where there is none."""
        ids = {payment.payment_intent_id or payment.id for payment in payments}
        rows = await self.db.execute(
            select(InvoicePayment.payment_id, InvoicePayment.invoice_id).where(
                InvoicePayment.payment_id.in_(ids)
            )
        )
        return {row.payment_id: row.invoice_id for row in rows}

    async def refunds_of(self, payments: Collection[Payment]) -> Sequence[Refund]:
        return await self._back(Refund, payments)

    async def disputes_of(self, payments: Collection[Payment]) -> Sequence[Dispute]:
        return await self._back(Dispute, payments)

    async def _back(self, table: type[Back], payments: Collection[Payment]) -> Sequence[Back]:
        """Oldest first."""
        ids = {payment.id for payment in payments}
        rows = await self.db.scalars(
            select(table)
            .where(table.charge_id.in_(ids), table.deleted.is_(False))
            .order_by(table.created_at, table.id)
        )
        return rows.all()
