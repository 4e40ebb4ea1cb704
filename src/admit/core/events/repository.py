from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.events.models import Disposition, EventRow, Progress, ReactionRow, ScheduleRow
from admit.core.events.service import insert_new


class Reactions:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def claim(
        self, names: Collection[str], *, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[tuple[ReactionRow, EventRow]]:
        """Take what is due, oldest first; rows that another worker holds are passed over."""
        rows = await self.db.execute(
            select(ReactionRow, EventRow)
            .join(EventRow, EventRow.id == ReactionRow.event_id)
            .where(_due(now), ReactionRow.name.in_(names))
            .order_by(ReactionRow.due_at, EventRow.occurred, EventRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=ReactionRow)
        )
        claimed = [(reaction, event) for reaction, event in rows]
        for reaction, _ in claimed:
            reaction.progress = Progress.running
            reaction.attempts += 1
            reaction.lease_until = now + lease
        return claimed

    async def any_due(self, names: Collection[str], *, now: datetime) -> bool:
        found = await self.db.scalar(
            select(ReactionRow.event_id).where(_due(now), ReactionRow.name.in_(names)).limit(1)
        )
        return found is not None

    async def renew(
        self, keys: Collection[tuple[str, str]], *, now: datetime, lease: timedelta
    ) -> None:
        await self._change(keys, Progress.running, lease_until=now + lease)

    async def holds(self, key: tuple[str, str], *, attempts: int) -> bool:
        """Whether the try with this number is the one that may act; locks the row.

        Who was away for longer than its lease finds that another worker has taken over.
        """
        row = await self.db.get(ReactionRow, key, with_for_update=True, populate_existing=True)
        return row is not None and row.progress == Progress.running and row.attempts == attempts

    async def finish(self, keys: Collection[tuple[str, str]], *, now: datetime) -> None:
        await self.db.execute(
            update(ReactionRow)
            .where(tuple_(ReactionRow.event_id, ReactionRow.name).in_(keys))
            .values(progress=Progress.done, handled_at=now, lease_until=None, last_error=None)
        )

    async def spare(self, keys: Collection[tuple[str, str]], *, now: datetime) -> None:
        """What still waits has been done by somebody else."""
        await self._change(keys, Progress.waiting, progress=Progress.done, handled_at=now)

    async def put_off(
        self, keys: Collection[tuple[str, str]], *, due_at: datetime, error: str
    ) -> None:
        await self._change(
            keys,
            Progress.running,
            progress=Progress.waiting,
            due_at=due_at,
            lease_until=None,
            last_error=error,
        )

    async def bury(self, keys: Collection[tuple[str, str]], *, error: str) -> None:
        await self._change(
            keys, Progress.running, progress=Progress.dead, lease_until=None, last_error=error
        )

    async def _change(
        self, keys: Collection[tuple[str, str]], only: Progress, **values: object
    ) -> None:
        await self.db.execute(
            update(ReactionRow)
            .where(
                tuple_(ReactionRow.event_id, ReactionRow.name).in_(keys),
                ReactionRow.progress == only,
            )
            .values(**values)
        )

    async def next_due(self) -> datetime | None:
        return await self.db.scalar(
            select(func.min(ReactionRow.due_at)).where(ReactionRow.progress == Progress.waiting)
        )

    async def oldest_waiting(self, now: datetime) -> datetime | None:
        return await self.db.scalar(
            select(func.min(ReactionRow.due_at)).where(
                ReactionRow.progress.in_((Progress.waiting, Progress.running)),
                ReactionRow.due_at <= now,
            )
        )

    async def replay(self, event_id: str | None = None, *, now: datetime) -> int:
        """How many dead reactions are tried again: those on one event, or all."""
        dead = ReactionRow.progress == Progress.dead
        chosen = dead if event_id is None else dead & (ReactionRow.event_id == event_id)
        revived = await self.db.scalars(
            update(ReactionRow)
            .where(chosen)
            .values(progress=Progress.waiting, attempts=0, due_at=now)
            .returning(ReactionRow.event_id)
        )
        return len(revived.all())


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(ReactionRow.progress == Progress.waiting, ReactionRow.due_at <= now),
        and_(ReactionRow.progress == Progress.running, ReactionRow.lease_until <= now),
    )


class Schedules:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def next_runs(self) -> dict[str, datetime]:
        rows = await self.db.execute(select(ScheduleRow.name, ScheduleRow.next_run_at))
        return {name: next_run_at for name, next_run_at in rows}  # noqa: C416 - typed

    async def claim(self, name: str, *, now: datetime, lease: timedelta) -> bool:
        """True for exactly one of the processes that find the work due."""
        first = insert_new(self.db, ScheduleRow).values(name=name, next_run_at=now)
        await self.db.execute(first)
        row = await self.db.get_one(ScheduleRow, name, with_for_update=True)
        if row.next_run_at > now or (row.lease_until is not None and row.lease_until > now):
            return False
        row.lease_until = now + lease
        return True

    async def finish(
        self, name: str, *, now: datetime, next_run_at: datetime, error: str | None
    ) -> None:
        row = await self.db.get_one(ScheduleRow, name)
        row.next_run_at = next_run_at
        row.last_run_at = now
        row.last_error = error
        row.lease_until = None


async def prune_unrouted(db: AsyncSession, *, before: datetime) -> None:
    await db.execute(
        delete(EventRow).where(EventRow.disposition == "unrouted", EventRow.received_at < before)
    )


async def prune_unclaimed(db: AsyncSession, *, before: datetime) -> None:
    """What is about strangers for so long: linking one of them looks at all that they have."""
    old = select(EventRow.id).where(EventRow.received_at < before)
    await db.execute(
        delete(ReactionRow).where(
            ReactionRow.progress == Progress.unclaimed, ReactionRow.event_id.in_(old)
        )
    )
    heard = exists().where(ReactionRow.event_id == EventRow.id)
    await db.execute(
        delete(EventRow).where(
            EventRow.source == "stripe",
            EventRow.disposition == Disposition.routed,
            EventRow.received_at < before,
            ~heard,
        )
    )


async def refused_since(db: AsyncSession, since: datetime) -> int:
    """How many events of another account or mode came."""
    count = await db.scalar(
        select(func.count())
        .select_from(EventRow)
        .where(EventRow.disposition == Disposition.refused, EventRow.received_at >= since)
    )
    return count or 0


async def dead_letters(db: AsyncSession, *, limit: int) -> Sequence[tuple[ReactionRow, EventRow]]:
    """Reactions that gave up, the newest first."""
    rows = await db.execute(
        select(ReactionRow, EventRow)
        .join(EventRow, EventRow.id == ReactionRow.event_id)
        .where(ReactionRow.progress == Progress.dead)
        .order_by(EventRow.received_at.desc(), EventRow.id)
        .limit(limit)
    )
    return [(reaction, event) for reaction, event in rows]
