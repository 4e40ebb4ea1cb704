"""Each fact is acted on once, by whichever worker; and nobody waits for somebody else's network."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import Select, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession
from structlog.testing import capture_logs

from admit.core.clock import Clock
from admit.core.db import Database
from admit.core.events import Event, Occurrence, Progress, ReactionRow, record
from admit.core.events.repository import Schedules
from admit.core.events.worker import Reaction, ReactionLane, Worker
from tests.engines.patience import PATIENCE

REACTIONS = {"test.knocked": ("test.open",)}
LEASE = timedelta(seconds=0.9)
"""Renewed three times in it, by the real clock; whether it has run out is told by a still one."""
NEARLY = 0.9 * LEASE


class Knocked(Event):
    name: ClassVar[str] = "test.knocked"
    door: int


class StillClock(Clock):
    def __init__(self) -> None:
        super().__init__()
        self._now = super().wall()

    def wall(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


class House:
    """Counts how often each door was opened, and can be told to take its time."""

    def __init__(self, database_url: str, *, busy_seconds: float = 5.0) -> None:
        self.database = Database(database_url, reactions=REACTIONS, busy_seconds=busy_seconds)
        self.clock = StillClock()
        self.opened: list[int] = []

    async def knock(self, *doors: int) -> None:
        async with self.database.write() as db:
            for door in doors:
                await record(db, Knocked(door=door), now=self.clock.wall())

    def lane(self, prepare: Any = None, *, lease: timedelta = LEASE) -> ReactionLane:
        reaction = Reaction(apply=self.open, prepare=prepare)
        return ReactionLane(self.database, self.clock, {"test.open": reaction}, lease=lease)

    async def open(self, _db: AsyncSession, occurrence: Occurrence, _prepared: object) -> None:
        self.opened.append(occurrence.data["door"])

    async def renews_its_lease(self) -> None:
        wanted = select(ReactionRow).where(ReactionRow.lease_until == self.clock.wall() + LEASE)
        async with asyncio.timeout(PATIENCE):
            while not await self._finds(wanted):
                await asyncio.sleep(0.02)

    async def _finds(self, wanted: Select[ReactionRow]) -> bool:
        async with self.database.read() as db:
            return (await db.scalars(wanted.limit(1))).first() is not None

    async def progress(self) -> list[tuple[str, int]]:
        async with self.database.read() as db:
            rows = await db.execute(select(ReactionRow.progress, ReactionRow.attempts))
            return [(progress, attempts) for progress, attempts in rows]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    house = House(database_url)
    yield house
    await house.database.close()


async def test_a_worker_that_was_away_too_long_does_not_act_a_second_time(house: House) -> None:
    await house.knock(1)
    other = house.lane()

    async def fall_asleep(_occurrence: Occurrence) -> None:
        async with house.database.write() as db:
            row = (await db.scalars(select(ReactionRow))).one()
            row.lease_until = house.clock.wall()
        await other()

    await house.lane(fall_asleep, lease=timedelta(days=1))()

    assert house.opened == [1]
    assert await house.progress() == [(Progress.done, 2)]


async def test_what_waits_its_turn_in_a_slow_batch_stays_with_its_worker(house: House) -> None:
    await house.knock(1, 2, 3)
    other = house.lane()

    async def take_time(_occurrence: Occurrence) -> None:
        house.clock.move(NEARLY)
        await house.renews_its_lease()
        house.clock.move(NEARLY)
        await other()

    await house.lane(take_time)()

    assert sorted(house.opened) == [1, 2, 3]
    assert await house.progress() == [(Progress.done, 1)] * 3


async def test_a_database_that_is_busy_at_renewal_does_not_undo_the_work(
    database_url: str,
) -> None:
    house = House(database_url, busy_seconds=2.0)
    await house.knock(1)
    file = make_url(database_url).database

    async def while_it_is_locked(_occurrence: Occurrence) -> None:
        if house.database.is_sqlite:
            elsewhere = sqlite3.connect(str(file), isolation_level=None)
            elsewhere.execute("BEGIN IMMEDIATE")
            with capture_logs() as logs:
                while not logs:
                    await asyncio.sleep(0.02)
            elsewhere.close()
            assert [each["event"] for each in logs] == ["leases.not_renewed"]

    await house.lane(while_it_is_locked)()
    progress = await house.progress()
    await house.database.close()

    assert house.opened == [1]
    assert progress == [(Progress.done, 1)]


async def test_a_lane_works_while_another_waits_for_the_network(house: House) -> None:
    """Mail with a code must leave while Stripe does not answer."""

    async def waits_for_ever() -> int:
        await asyncio.Event().wait()
        return 0

    worker = Worker(house.database, house.clock, lanes=(waits_for_ever, house.lane()), periodic=())
    running = asyncio.create_task(worker.run())
    await house.knock(1)
    async with asyncio.timeout(PATIENCE):
        while await house.progress() != [(Progress.done, 1)]:
            await asyncio.sleep(0.02)
    running.cancel()

    assert house.opened == [1]


async def test_of_two_processes_one_does_the_periodic_work(house: House, database_url: str) -> None:
    other = Database(database_url)
    now = house.clock.wall()

    async def claims(database: Database) -> bool:
        async with database.write() as db:
            return await Schedules(db).claim("sweep", now=now, lease=timedelta(minutes=10))

    claimed = await asyncio.gather(*(claims(each) for each in (house.database, other) * 3))
    await other.close()

    assert sorted(claimed) == [False] * 5 + [True]


async def test_who_drains_waits_for_the_round_that_is_under_way(house: House) -> None:
    """The time machine says that all is settled only when it is."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def take_time(_occurrence: Occurrence) -> None:
        begun.set()
        await may_end.wait()

    worker = Worker(house.database, house.clock, lanes=(house.lane(take_time),), periodic=())
    running = asyncio.create_task(worker.run())
    await house.knock(1)
    await begun.wait()
    draining = asyncio.create_task(worker.drain())
    await asyncio.sleep(0.1)
    still_waiting = not draining.done()
    may_end.set()
    await draining
    running.cancel()

    assert (still_waiting, house.opened) == (True, [1])
