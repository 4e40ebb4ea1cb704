from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.letters import Postroom
from admit.billing.subscriptions.models import Subscription
from admit.core.events import Occurrence


class SubscriptionLetters(Postroom):
    async def cancellation(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        subscription = await db.get_one(Subscription, occurrence.data["subscription_id"])
        if await self._is_history(db, subscription, subscription.canceled_at):
            return
        await self._send(
            db,
            occurrence,
            "cancellation",
            "Your {plan_name} plan will end",
            plan_name=await self._plan_name(db, subscription),
            ends_on=subscription.cancel_at or subscription.current_period_end,
        )

    async def ended(self, db: AsyncSession, occurrence: Occurrence, _: object) -> None:
        subscription = await db.get_one(Subscription, occurrence.data["subscription_id"])
        if await self._is_history(db, subscription, subscription.ended_at):
            return
        await self._send(
            db,
            occurrence,
            "ended",
            "Your {plan_name} plan has ended",
            plan_name=await self._plan_name(db, subscription),
        )
