from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import InvoicePayment
from admit.billing.reconciliation.places import Place, before


def shown_to(user_id: str) -> Sequence[ColumnElement[bool]]:
    """Drafts are Stripe's working papers and left out."""
    accounts = select(BillingAccount.id).where(BillingAccount.user_id == user_id)
    return (
        Invoice.billing_account_id.in_(accounts),
        Invoice.status != "draft",
        Invoice.deleted.is_(False),
    )


class Invoices:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, invoice_id: str) -> Invoice | None:
        return await self.db.get(Invoice, invoice_id)

    async def of_user(
        self, user_id: str, *, after: Place | None = None, limit: int
    ) -> Sequence[Invoice]:
        """Newest first."""
        newest = (
            select(Invoice)
            .where(*shown_to(user_id))
            .order_by(Invoice.created_at.desc(), Invoice.id.desc())
        )
        if after is not None:
            newest = newest.where(before(after, Invoice.created_at, Invoice.id))
        return (await self.db.scalars(newest.limit(limit))).all()

    async def one_of_user(self, user_id: str, invoice_id: str) -> Invoice | None:
        return await self.db.scalar(
            select(Invoice).where(*shown_to(user_id), Invoice.id == invoice_id)
        )

    async def paid_by(self, payment_ids: Collection[str]) -> Sequence[Invoice]:
        """Those that these payment intents or charges are meant for."""
        meant = select(InvoicePayment.invoice_id).where(InvoicePayment.payment_id.in_(payment_ids))
        rows = await self.db.scalars(
            select(Invoice).where(Invoice.id.in_(meant)).order_by(Invoice.id)
        )
        return rows.all()
