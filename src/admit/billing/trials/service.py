"""One trial a person: a durable fact, written with the first subscription that shows one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.trials.models import TrialUse
from admit.core.events.service import insert_new


async def has_had_trial(db: AsyncSession, user_id: str) -> bool:
    return await db.get(TrialUse, user_id) is not None


async def note_trial(
    db: AsyncSession, *, user_id: str, subscription_id: str, started_at: datetime
) -> bool:
    """Whether it is the person's first; the same one may be noted again."""
    row = {"user_id": user_id, "subscription_id": subscription_id, "started_at": started_at}
    statement = insert_new(db, TrialUse).values(row).returning(TrialUse.user_id)
    return await db.scalar(statement) is not None
