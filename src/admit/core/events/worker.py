"""The worker that runs inside the process: lanes of reactions, and work that is due by the clock.

A lane takes what it can and says how much it did; an idle one sleeps until the bell rings or
something falls due. Lanes do not wait for each other: mail leaves while Stripe does not answer.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from anyio import create_task_group
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.clock import Clock
from admit.core.db import Database
from admit.core.errors import Unavailable
from admit.core.events.repository import Reactions, Schedules
from admit.core.events.service import Occurrence

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
SWEEP_SECONDS = 2.0
BATCH = 20
RETRY_SECONDS = (2, 10, 60, 300, 1800)
RETRY_THEN_SECONDS = 3600
MAX_ATTEMPTS = 80
"""Three days and more, as long as Stripe itself retries; then dead until staff replay it."""

Lane = Callable[[], Awaitable[int]]
Key = tuple[str, str]


@dataclass(frozen=True)
class Reaction:
    """What is done about an event: `prepare` may talk to the network, with nothing held;
    `apply` gets its answer, in the one transaction that also marks the reaction handled.
    """

    apply: Callable[[AsyncSession, Occurrence, Any], Awaitable[None]]
    prepare: Callable[[Occurrence], Awaitable[Any]] | None = None


@dataclass(frozen=True)
class Periodic:
    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]


class ReactionLane:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        reactions: Mapping[str, Reaction],
        *,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._reactions = reactions
        self._lease = lease

    async def __call__(self) -> int:
        if not self._reactions:
            return 0
        now = self._clock.wall()
        async with self._database.read() as db:
            if not await Reactions(db).any_due(self._reactions, now=now):
                return 0
        async with self._database.write() as db:
            claimed = [
                (reaction.event_id, reaction.name, reaction.attempts, event)
                for reaction, event in await Reactions(db).claim(
                    self._reactions, now=now, lease=self._lease, limit=BATCH
                )
            ]
        keys = [(event_id, name) for event_id, name, _, _ in claimed]
        async with renewing_leases(self._database, self._clock, keys, lease=self._lease):
            for key, (_, _, attempts, event) in zip(keys, claimed, strict=True):
                await self._react(key, Occurrence.of(event), attempts)
        return len(claimed)

    async def _react(self, key: Key, occurrence: Occurrence, attempts: int) -> None:
        reaction = self._reactions[key[1]]
        try:
            prepared = await reaction.prepare(occurrence) if reaction.prepare else None
            async with self._database.write() as db:
                if not await Reactions(db).holds(key, attempts=attempts):
                    log.warning("reaction.taken_over", key=key)
                    return
                await reaction.apply(db, occurrence, prepared)
                await Reactions(db).finish([key], now=self._clock.wall())
        except Exception as error:  # noqa: BLE001 - whatever it was, it is retried and shown
            await give_up_for_now(self._database, self._clock, [key], attempts, error)


@contextlib.asynccontextmanager
async def renewing_leases(
    database: Database, clock: Clock, keys: Sequence[Key], *, lease: timedelta = LEASE
) -> AsyncIterator[None]:
    """Slow work keeps all that it claimed, also what still waits its turn: another worker takes
    over only from a dead one.
    """

    async def renew() -> None:
        while True:
            await asyncio.sleep(lease.total_seconds() / 3)
            try:
                async with database.write() as db:
                    await Reactions(db).renew(keys, now=clock.wall(), lease=lease)
            except SQLAlchemyError:
                # What was done under the lease is not undone because the database was busy.
                log.warning("leases.not_renewed", exc_info=True)

    renewal = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewal.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewal


async def give_up_for_now(
    database: Database, clock: Clock, keys: Sequence[Key], attempts: int, error: Exception
) -> None:
    words = f"{type(error).__name__}: {error}"[:2000]
    async with database.write() as db:
        if attempts >= MAX_ATTEMPTS:
            log.error("reaction.dead", keys=keys, error=words)
            await Reactions(db).bury(keys, error=words)
            return
        log.warning("reaction.failed", keys=keys, attempts=attempts, error=words)
        due_at = clock.wall() + wait_after(attempts)
        await Reactions(db).put_off(keys, due_at=due_at, error=words)


def wait_after(attempts: int) -> timedelta:
    known = attempts <= len(RETRY_SECONDS)
    return timedelta(seconds=RETRY_SECONDS[attempts - 1] if known else RETRY_THEN_SECONDS)


class Worker:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        lanes: Sequence[Lane],
        periodic: Sequence[Periodic],
    ) -> None:
        self._database = database
        self._clock = clock
        self._lanes = lanes
        self._periodic = periodic
        self._turns = [asyncio.Lock() for _ in lanes]
        self._stopping = False

    def stop(self) -> None:
        """Ask it to end after the round that it is in: nothing is torn out of a transaction."""
        self._stopping = True
        self._database.bell.ring()

    async def run(self) -> None:
        """Until stopped."""
        async with create_task_group() as tasks:
            tasks.start_soon(self._keep_going, self.run_due_work)
            for number in range(len(self._lanes)):
                tasks.start_soon(self._keep_going, partial(self._round, number))

    async def _keep_going(self, lane: Lane) -> None:
        """A failing round (the database is locked, say) is tried again."""
        bell = self._database.bell.listen()
        while not self._stopping:
            bell.clear()
            try:
                busy = await lane() > 0
            except Exception:
                log.exception("worker.round_failed")
                busy = False
                await asyncio.sleep(1)
            if not busy and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), SWEEP_SECONDS)

    async def run_once(self) -> bool:
        """One round of everything, one after the other; whether a lane had anything to do.

        A round that was under way is waited for, and counts: what it did may have consequences.
        """
        await self.run_due_work()
        under_way = any(turn.locked() for turn in self._turns)
        done = sum([await self._round(number) for number in range(len(self._lanes))])
        return under_way or done > 0

    async def _round(self, number: int) -> int:
        async with self._turns[number]:
            return await self._lanes[number]()

    async def drain(self) -> None:
        """Everything that is due now, and what follows from it: the same code the worker runs."""
        while await self.run_once():
            pass

    async def run_due_work(self) -> int:
        """None of it makes more of it due: always 0, so that the clock is what wakes it."""
        now = self._clock.wall()
        async with self._database.read() as db:
            next_runs = await Schedules(db).next_runs()
        for work in self._periodic:
            if next_runs.get(work.name, now) > now:
                continue
            async with self._database.write() as db:
                due = await Schedules(db).claim(work.name, now=now, lease=timedelta(minutes=10))
            if due:
                await self.run_periodic(work, now)
        return 0

    async def run_periodic(self, work: Periodic, now: datetime) -> None:
        error = None
        try:
            await work.run()
        except Exception as failure:
            if isinstance(failure, Unavailable):
                log.warning("periodic.put_off", work=work.name, reason=str(failure))
            else:
                log.exception("periodic.failed", work=work.name)
            error = f"{type(failure).__name__}: {failure}"[:2000]
        async with self._database.write() as db:
            await Schedules(db).finish(
                work.name, now=self._clock.wall(), next_run_at=now + work.every, error=error
            )
