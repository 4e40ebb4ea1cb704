from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import InvoicePayment


class Invoices:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, invoice_id: str) -> Invoice | None:
        return await self.db.get(Invoice, invoice_id)

    async def of_user(self, user_id: str, *, limit: int) -> Sequence[Invoice]:
        """Newest first; drafts are Stripe's working papers and left out."""
        rows = await self.db.scalars(
            select(Invoice)
            .join(BillingAccount, BillingAccount.id == Invoice.billing_account_id)
            .where(
                BillingAccount.user_id == user_id,
                Invoice.status != "draft",
                Invoice.deleted.is_(False),
            )
            .order_by(Invoice.created_at.desc(), Invoice.id.desc())
            .limit(limit)
        )
        return rows.all()

    async def paid_by(self, payment_ids: Collection[str]) -> Sequence[Invoice]:
        """Those that these payment intents or charges are meant for."""
        meant = select(InvoicePayment.invoice_id).where(InvoicePayment.payment_id.in_(payment_ids))
        rows = await self.db.scalars(
            select(Invoice).where(Invoice.id.in_(meant)).order_by(Invoice.id)
        )
        return rows.all()
