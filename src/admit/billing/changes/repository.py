from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.changes.models import SubscriptionChange


class Changes:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, change_id: str) -> SubscriptionChange:
        return await self.db.get_one(SubscriptionChange, change_id, populate_existing=True)

    async def under_way(self, subscription_id: str) -> SubscriptionChange | None:
        return await self.db.scalar(
            select(SubscriptionChange).where(
                SubscriptionChange.subscription_id == subscription_id,
                SubscriptionChange.done_at.is_(None),
            )
        )
