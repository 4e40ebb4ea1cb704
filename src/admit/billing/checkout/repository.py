from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.checkout.models import Checkout, CheckoutSession, CheckoutStatus
from admit.billing.customers.models import BillingAccount
from admit.billing.subscriptions.models import Subscription


class Checkouts:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def lock(self, checkout_id: str) -> Checkout:
        return await self.db.get_one(
            Checkout, checkout_id, with_for_update=True, populate_existing=True
        )

    async def paid_and_unseen(self, billing_account_id: str) -> Sequence[str]:
        """The subscriptions of completed sessions that our mirror does not hold yet."""
        rows = await self.db.scalars(
            select(CheckoutSession.subscription_id)
            .outerjoin(Subscription, Subscription.id == CheckoutSession.subscription_id)
            .where(
                CheckoutSession.billing_account_id == billing_account_id,
                CheckoutSession.status == CheckoutStatus.complete,
                CheckoutSession.subscription_id.is_not(None),
                Subscription.id.is_(None),
            )
        )
        return [row for row in rows if row is not None]

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

    async def trials_on_offer(self, billing_account_id: str) -> Sequence[str]:
        """The open wishes whose page begins with a trial."""
        rows = await self.db.scalars(
            select(Checkout.id).where(
                Checkout.billing_account_id == billing_account_id,
                Checkout.status == CheckoutStatus.open,
                Checkout.trial_days > 0,
            )
        )
        return rows.all()

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
