from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.decision import PaidPeriod, paid_and_taken_back
from admit.billing.catalog.models import Price
from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.reconciliation.reading import time_of
from admit.billing.subscriptions.models import (
    Subscription,
    SubscriptionDiscount,
    SubscriptionItem,
)

LIVE = ("trialing", "active", "past_due", "unpaid", "paused", "incomplete")


class Subscriptions:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, subscription_id: str) -> Subscription | None:
        return await self.db.get(Subscription, subscription_id)

    async def live_of_account(self, billing_account_id: str) -> Sequence[Subscription]:
        rows = await self.db.scalars(
            select(Subscription)
            .where(
                Subscription.billing_account_id == billing_account_id,
                Subscription.status.in_(LIVE),
                Subscription.deleted.is_(False),
            )
            .order_by(Subscription.created_at.desc(), Subscription.id)
        )
        return rows.all()

    async def live_of_user(self, user_id: str) -> Sequence[Subscription]:
        """With any of the person's billing accounts."""
        live = [row for row in await self.of_user(user_id) if row.status in LIVE]
        return [row for row in live if not row.deleted]

    async def of_user(self, user_id: str) -> Sequence[Subscription]:
        rows = await self.db.scalars(
            select(Subscription)
            .join(BillingAccount, BillingAccount.id == Subscription.billing_account_id)
            .where(BillingAccount.user_id == user_id)
            .order_by(Subscription.created_at.desc(), Subscription.id)
        )
        return rows.all()

    async def owner(self, subscription_id: str) -> str | None:
        return await self.db.scalar(
            select(BillingAccount.user_id)
            .join(Subscription, Subscription.billing_account_id == BillingAccount.id)
            .where(Subscription.id == subscription_id)
        )

    async def of_plan(
        self, plan_code: str, *, after: tuple[str, str] = ("", ""), limit: int
    ) -> Sequence[Subscription]:
        """Those that have not ended, by account and id; the next ones `after` those."""
        order = (Subscription.billing_account_id, Subscription.id)
        rows = await self.db.scalars(
            select(Subscription)
            .join(SubscriptionItem, SubscriptionItem.subscription_id == Subscription.id)
            .join(Price, Price.stripe_price_id == SubscriptionItem.stripe_price_id)
            .where(
                Price.plan_code == plan_code,
                Subscription.ended.is_(False),
                tuple_(*order) > tuple_(*after),
            )
            .distinct()
            .order_by(*order)
            .limit(limit)
        )
        return rows.all()

    async def newest(self, limit: int) -> Sequence[tuple[Subscription, str, str | None]]:
        """With the id of the person each belongs to, and of the customer."""
        rows = await self.db.execute(
            select(Subscription, BillingAccount.user_id, BillingAccount.stripe_customer_id)
            .join(BillingAccount, BillingAccount.id == Subscription.billing_account_id)
            .order_by(Subscription.created_at.desc(), Subscription.id)
            .limit(limit)
        )
        return [(subscription, user_id, customer) for subscription, user_id, customer in rows]

    async def price_ids(self, subscription_id: str) -> Sequence[str]:
        """Of all its items, at Stripe."""
        rows = await self.db.scalars(
            select(SubscriptionItem.stripe_price_id).where(
                SubscriptionItem.subscription_id == subscription_id
            )
        )
        return rows.all()

    async def discounts(self, subscription_id: str) -> Sequence[SubscriptionDiscount]:
        rows = await self.db.scalars(
            select(SubscriptionDiscount)
            .where(SubscriptionDiscount.subscription_id == subscription_id)
            .order_by(SubscriptionDiscount.id)
        )
        return rows.all()

    async def oldest_open_invoice(self, subscription_id: str) -> Invoice | None:
        """What is owed first, while it has not been given up."""
        return await self.db.scalar(
            select(Invoice)
            .where(
                Invoice.subscription_id == subscription_id,
                Invoice.status == "open",
                Invoice.deleted.is_(False),
            )
            .order_by(Invoice.created_at, Invoice.id)
            .limit(1)
        )

    async def paid_until(self, row: Subscription) -> datetime | None:
        """The latest moment that one of its paid invoices reaches."""
        return paid_and_taken_back(await self.paid_periods(row))[0]

    async def paid_periods(self, row: Subscription) -> Sequence[PaidPeriod]:
        """How far each of its paid invoices reaches; of several items, for the oldest."""
        paid = await self.db.execute(
            select(Invoice.covers, Invoice.covers_until, Invoice.taken_back_at).where(
                Invoice.subscription_id == row.id,
                Invoice.status == "paid",
                Invoice.deleted.is_(False),
                Invoice.covers_until.is_not(None),
            )
        )
        found = paid.all()
        has_several = len({item for covers, _, _ in found for item in covers}) > 1
        oldest = await self._oldest_item(row) if has_several else ""
        is_billed = any(oldest in covers for covers, _, _ in found)
        return [
            PaidPeriod(until=until, taken_back_at=taken_back_at)
            for covers, longest, taken_back_at in found
            if (until := time_of(covers.get(oldest)) if is_billed else longest) is not None
        ]

    async def _oldest_item(self, row: Subscription) -> str:
        found = await self.db.scalars(
            select(SubscriptionItem.id)
            .where(
                SubscriptionItem.subscription_id == row.id,
                SubscriptionItem.stripe_price_id == row.stripe_price_id,
            )
            .limit(1)
        )
        return found.first() or ""

    async def unpaid_since(self, subscription_id: str) -> datetime | None:
        """When the oldest invoice that is still open was first tried."""
        times = await self.db.scalars(
            select(Invoice.finalized_at).where(
                Invoice.subscription_id == subscription_id,
                Invoice.status == "open",
                Invoice.deleted.is_(False),
                Invoice.finalized_at.is_not(None),
            )
        )
        return min((moment for moment in times if moment is not None), default=None)
