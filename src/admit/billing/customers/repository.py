from collections.abc import Collection, Mapping, Sequence
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

    async def all_of_user(self, user_id: str) -> Sequence[BillingAccount]:
        """Also with Stripe accounts that were in use before."""
        rows = await self.db.scalars(
            select(BillingAccount).where(BillingAccount.user_id == user_id)
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

    async def by_customers(self, customer_ids: Collection[str]) -> Mapping[str, BillingAccount]:
        """Of the Stripe account in use, by their customer."""
        rows = await self.db.scalars(
            select(BillingAccount).where(
                BillingAccount.stripe_customer_id.in_(customer_ids),
                BillingAccount.stripe_account_id == IN_USE,
            )
        )
        return {str(row.stripe_customer_id): row for row in rows}

    async def lock_all(self, account_ids: Collection[str]) -> Mapping[str, BillingAccount]:
        """In one order, so that two who lock several never wait for each other in a circle."""
        rows = await self.db.scalars(
            select(BillingAccount)
            .where(BillingAccount.id.in_(account_ids))
            .order_by(BillingAccount.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return {row.id: row for row in rows}

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
