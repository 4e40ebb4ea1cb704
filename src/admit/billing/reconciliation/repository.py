from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.reconciliation.models import LookCounter, SweepCursor
from admit.billing.webhooks.routing import NOTICES
from admit.core.events.models import Disposition, EventRow, Progress, ReactionRow

RECONCILE = "billing.reconcile"
"""The reaction that every routed Stripe event wakes."""

OPEN = (Progress.waiting, Progress.running, Progress.unclaimed, Progress.dead)


@dataclass(frozen=True)
class Known:
    """A look's number, and what the inbox held of the object when it was taken."""

    number: int
    waiting: Sequence[str]
    notices: Sequence[str]
    """Those of the waiting that tell a fact of their own."""
    newest_event: int | None
    has_deletion_event: bool


async def take_number(db: AsyncSession) -> int:
    number: int | None = await db.scalar(
        update(LookCounter).values(last=LookCounter.last + 1).returning(LookCounter.last)
    )
    if number is None:
        raise LookupError("The counter of looks is missing: run `admit migrate`.")
    return number


class Inbox:
    """Stripe's events about one object, and who still has to act on them."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def take_look(self, object_id: str) -> Known:
        """The number first, which locks the counter; then the reading that it orders."""
        number = await take_number(self.db)
        events = (
            await self.db.execute(
                select(EventRow.id, EventRow.name, EventRow.occurred, ReactionRow.progress)
                .join(ReactionRow, ReactionRow.event_id == EventRow.id)
                .where(EventRow.subject == object_id, ReactionRow.name == RECONCILE)
            )
        ).all()
        waiting = [event for event in events if event.progress in OPEN]
        return Known(
            number=number,
            waiting=[event.id for event in waiting],
            notices=[event.id for event in waiting if event.name in NOTICES],
            newest_event=max((event.occurred for event in events), default=None),
            has_deletion_event=any(event.name.endswith(".deleted") for event in events),
        )

    async def told_of(self, object_ids: Sequence[str], *, since: int) -> frozenset[str]:
        """Objects of which an event told since this second of Stripe's, or waits to tell."""
        rows = await self.db.scalars(
            select(EventRow.subject)
            .join(ReactionRow, ReactionRow.event_id == EventRow.id)
            .where(
                EventRow.subject.in_(object_ids),
                ReactionRow.name == RECONCILE,
                (EventRow.occurred >= since) | ReactionRow.progress.in_(OPEN),
            )
        )
        return frozenset(subject for subject in rows if subject)

    async def payloads(self, event_ids: Collection[str]) -> Sequence[str]:
        if not event_ids:
            return ()
        found = await self.db.scalars(select(EventRow.payload).where(EventRow.id.in_(event_ids)))
        return found.all()

    async def finish(self, event_ids: Collection[str], *, now: datetime) -> None:
        await self._change(
            event_ids, progress=Progress.done, handled_at=now, lease_until=None, last_error=None
        )

    async def leave_unclaimed(self, event_ids: Collection[str]) -> None:
        await self._change(event_ids, progress=Progress.unclaimed, lease_until=None)

    async def _change(self, event_ids: Collection[str], **values: object) -> None:
        if not event_ids:
            return
        await self.db.execute(
            update(ReactionRow)
            .where(
                ReactionRow.event_id.in_(event_ids),
                ReactionRow.name == RECONCILE,
                ReactionRow.progress != Progress.done,
            )
            .values(**values)
        )

    async def set_aside_all(self, *, now: datetime) -> None:
        """What still waits was told of an account that is not in use any more."""
        waiting = select(ReactionRow.event_id).where(
            ReactionRow.name == RECONCILE, ReactionRow.progress.in_(OPEN)
        )
        await self.db.execute(
            update(EventRow).where(EventRow.id.in_(waiting)).values(disposition=Disposition.refused)
        )
        await self.db.execute(
            update(ReactionRow)
            .where(ReactionRow.name == RECONCILE, ReactionRow.progress.in_(OPEN))
            .values(progress=Progress.done, handled_at=now, lease_until=None)
        )

    async def unknown_among(self, event_ids: Collection[str]) -> set[str]:
        known = await self.db.scalars(select(EventRow.id).where(EventRow.id.in_(event_ids)))
        return set(event_ids) - set(known)

    async def newest_second(self) -> int | None:
        return await self.db.scalar(
            select(func.max(EventRow.occurred)).where(EventRow.source == "stripe")
        )


class SweepCursors:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def events_until(self, stripe_account_id: int) -> int | None:
        row = await self.db.get(SweepCursor, stripe_account_id)
        return row.events_until if row else None

    async def swept_at(self, stripe_account_id: int) -> datetime | None:
        row = await self.db.get(SweepCursor, stripe_account_id)
        return row.swept_at if row else None

    async def move(self, stripe_account_id: int, *, events_until: int, now: datetime) -> None:
        await self.db.merge(
            SweepCursor(
                stripe_account_id=stripe_account_id, events_until=events_until, swept_at=now
            )
        )
