"""Worlds by the hundred: each begins where the first one did, with Ada on her way to pay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from admit.accounts.person import Person
from admit.core.clock import to_seconds
from admit.wiring import Wiring
from tests.engines.originals import Original, keep_original
from tests.engines.simulators import Json, Simulators
from tests.engines.world import START, Actor, MovableClock, World, door_of, open_admit


@dataclass(frozen=True)
class Cases:
    """Admit is wired once; the database, the simulator and the clocks are new for each case."""

    wiring: Wiring
    clock: MovableClock
    simulators: Simulators
    original: Original
    stripe: Json
    """What the simulator held at the beginning."""
    ada: Person
    session_id: str
    """Of the open checkout of Ada."""

    @asynccontextmanager
    async def case(self) -> AsyncIterator[tuple[World, Actor]]:
        self.original.restore()
        self.clock.restart(START)
        try:
            with self.simulators.fresh(now=to_seconds(START)) as stripe:
                stripe.post("/_control/restore", self.stripe)
                async with door_of(self.wiring) as door:
                    world = World(self.wiring, self.clock, stripe, door)
                    yield world, Actor(world, self.ada)
        finally:
            await self.wiring.parts.database.close()


@asynccontextmanager
async def open_cases(database_url: str, simulators: Simulators) -> AsyncIterator[Cases]:
    async with open_admit(database_url, simulators.url, start=START) as (wiring, clock):
        with simulators.fresh(now=to_seconds(START)) as stripe:
            async with door_of(wiring) as door:
                world = World(wiring, clock, stripe, door)
                await world.furnish()
                ada = await world.person("ada")
                session_id = await ada.starts_checkout()
                held = {"snapshot": stripe.get("/_control/snapshot")["snapshot"]}
        await wiring.parts.database.close()
        original = keep_original(database_url)
        yield Cases(wiring, clock, simulators, original, held, ada.person, session_id)
