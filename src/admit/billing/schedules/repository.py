from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.schedules.models import SubscriptionSchedule


class Schedules:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_id(self, schedule_id: str) -> SubscriptionSchedule | None:
        return await self.db.get(SubscriptionSchedule, schedule_id)
