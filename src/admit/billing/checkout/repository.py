from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.checkout.models import Checkout, CheckoutStatus
from admit.billing.customers.models import BillingAccount


class Checkouts:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_session(self, stripe_session_id: str) -> Checkout | None:
        return await self.db.scalar(
            select(Checkout).where(Checkout.stripe_session_id == stripe_session_id)
        )

    async def open_one(self, billing_account_id: str, *, plan_group: str) -> Checkout | None:
        return await self.db.scalar(
            select(Checkout).where(
                Checkout.billing_account_id == billing_account_id,
                Checkout.plan_group == plan_group,
                Checkout.status == CheckoutStatus.open,
            )
        )

    async def of_person(self, stripe_session_id: str, *, user_id: str) -> Checkout | None:
        """Nobody sees anything of a session that another person opened."""
        return await self.db.scalar(
            select(Checkout)
            .join(BillingAccount, BillingAccount.id == Checkout.billing_account_id)
            .where(
                Checkout.stripe_session_id == stripe_session_id,
                BillingAccount.user_id == user_id,
            )
        )
