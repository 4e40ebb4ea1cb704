from datetime import datetime

from sqlalchemy import exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome, SecurityEvent

CLOSED = (Outcome.account_deactivated, Outcome.deletion_asked)


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

    async def signed_in_with(self, user_id: str, user_agent: str) -> bool:
        before = exists().where(
            SecurityEvent.user_id == user_id,
            SecurityEvent.what == Outcome.signed_in,
            SecurityEvent.user_agent == user_agent,
        )
        return bool(await self.db.scalar(select(before)))

    async def last_turn(self, user_id: str, *, by: datetime) -> str | None:
        """Whether the account was closed or opened last, at that moment; None: neither so far."""
        return await self.db.scalar(
            select(SecurityEvent.what)
            .where(
                SecurityEvent.user_id == user_id,
                SecurityEvent.what.in_((*CLOSED, Outcome.account_reactivated)),
                SecurityEvent.occurred_at <= by,
            )
            .order_by(SecurityEvent.occurred_at.desc(), SecurityEvent.id.desc())
            .limit(1)
        )

    async def moment_of(self, user_id: str, event_id: str) -> datetime | None:
        event = await self.db.get(SecurityEvent, event_id)
        return event.occurred_at if event is not None and event.user_id == user_id else None
