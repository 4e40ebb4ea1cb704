from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice


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

    async def ids_of_account(self, billing_account_id: str) -> Sequence[str]:
        """Those that are not gone for good."""
        rows = await self.db.scalars(
            select(Invoice.id).where(
                Invoice.billing_account_id == billing_account_id, Invoice.ended.is_(False)
            )
        )
        return rows.all()
