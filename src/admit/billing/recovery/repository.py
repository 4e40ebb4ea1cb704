from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.recovery.models import Recovery
from admit.billing.subscriptions.models import Subscription


class Recoveries:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, recovery_id: str) -> Recovery:
        return await self.db.get_one(Recovery, recovery_id, populate_existing=True)

    async def by_session(self, stripe_session_id: str) -> Recovery | None:
        return await self.db.scalar(
            select(Recovery).where(Recovery.stripe_session_id == stripe_session_id)
        )

    async def of_person(self, stripe_session_id: str, *, user_id: str) -> Recovery | None:
        """Nobody sees anything of a page that another person opened."""
        return await self.db.scalar(
            select(Recovery)
            .join(BillingAccount, BillingAccount.id == Recovery.billing_account_id)
            .where(
                Recovery.stripe_session_id == stripe_session_id, BillingAccount.user_id == user_id
            )
        )

    async def owed(self, billing_account_id: str) -> Sequence[Invoice]:
        """What is open for subscriptions that have not ended, the oldest first."""
        rows = await self.db.scalars(
            select(Invoice)
            .join(Subscription, Subscription.id == Invoice.subscription_id)
            .where(
                Invoice.billing_account_id == billing_account_id,
                Invoice.status == "open",
                Invoice.deleted.is_(False),
                Subscription.ended.is_(False),
            )
            .order_by(Invoice.created_at, Invoice.id)
        )
        return rows.all()

    async def invoice(self, invoice_id: str) -> Invoice | None:
        return await self.db.get(Invoice, invoice_id)

    async def currency(self, billing_account_id: str) -> str | None:
        return await self.db.scalar(
            select(Invoice.currency)
            .where(Invoice.billing_account_id == billing_account_id)
            .order_by(Invoice.created_at.desc())
            .limit(1)
        )

    async def customer_id(self, billing_account_id: str) -> str | None:
        account = await self.db.get_one(BillingAccount, billing_account_id)
        return account.stripe_customer_id

    async def in_trouble(self, user_id: str) -> bool:
        """Whether a subscription of theirs waits for a payment."""
        found = await self.db.scalar(
            select(Subscription.id)
            .join(BillingAccount, BillingAccount.id == Subscription.billing_account_id)
            .where(
                BillingAccount.user_id == user_id,
                Subscription.status.in_(("past_due", "unpaid")),
                Subscription.deleted.is_(False),
            )
            .limit(1)
        )
        return found is not None

    async def with_a_card_of_their_own(self, billing_account_id: str) -> Sequence[str]:
        """The subscriptions that are not paid with the customer's default."""
        rows = await self.db.scalars(
            select(Subscription.id).where(
                Subscription.billing_account_id == billing_account_id,
                Subscription.ended.is_(False),
                Subscription.default_payment_method_id.is_not(None),
            )
        )
        return rows.all()
