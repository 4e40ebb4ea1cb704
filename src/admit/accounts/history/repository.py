from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import SecurityEvent


class History:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of(
        self, user_id: str, *, before: tuple[datetime, str] | None, limit: int
    ) -> list[SecurityEvent]:
        """Newest first; `before` is the moment and id of the last one that was shown."""
        theirs = select(SecurityEvent).where(SecurityEvent.user_id == user_id)
        if before is not None:
            place = tuple_(SecurityEvent.occurred_at, SecurityEvent.id)
            theirs = theirs.where(place < tuple_(*before))
        newest = theirs.order_by(SecurityEvent.occurred_at.desc(), SecurityEvent.id.desc())
        return list(await self.db.scalars(newest.limit(limit)))

    async def moment_of(self, user_id: str, event_id: str) -> datetime | None:
        event = await self.db.get(SecurityEvent, event_id)
        return event.occurred_at if event is not None and event.user_id == user_id else None
