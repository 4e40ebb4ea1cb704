from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.stripe_account import IN_USE


class BillingAccounts:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_user(self, user_id: str, *, stripe_account_id: int) -> BillingAccount | None:
        return await self.db.scalar(
            select(BillingAccount).where(
                BillingAccount.user_id == user_id,
                BillingAccount.stripe_account_id == stripe_account_id,
            )
        )

    async def ids_of_user(self, user_id: str) -> Sequence[str]:
        rows = await self.db.scalars(
            select(BillingAccount.id).where(BillingAccount.user_id == user_id)
        )
        return rows.all()

    async def of_customer(self, stripe_customer_id: str) -> BillingAccount | None:
        """Of the Stripe account in use: what another one's events tell concerns nobody."""
        return await self.db.scalar(
            select(BillingAccount).where(
                BillingAccount.stripe_customer_id == stripe_customer_id,
                BillingAccount.stripe_account_id == IN_USE,
            )
        )

    async def lock(self, account_id: str) -> BillingAccount:
        return await self.db.get_one(
            BillingAccount, account_id, with_for_update=True, populate_existing=True
        )

    async def looked_at_longest_ago(
        self, *, stripe_account_id: int, before: datetime, limit: int
    ) -> Sequence[str]:
        rows = await self.db.scalars(
            select(BillingAccount.id)
            .where(
                BillingAccount.stripe_account_id == stripe_account_id,
                BillingAccount.stripe_customer_id.is_not(None),
                (BillingAccount.looked_at.is_(None)) | (BillingAccount.looked_at < before),
            )
            .order_by(BillingAccount.looked_at.nulls_first(), BillingAccount.id)
            .limit(limit)
        )
        return rows.all()
