"""Whichever process moves the time machine, every other one follows within seconds."""

import asyncio
from datetime import timedelta

from admit.core.business_time import move_business_time
from admit.core.config import load_settings
from admit.wiring import Wiring, wire
from tests.engines.patience import PATIENCE


def process(database_url: str) -> Wiring:
    return wire(load_settings(database_url=database_url, worker_in_process=False))


async def test_a_process_without_a_worker_follows_the_time_that_another_moved(
    database_url: str,
) -> None:
    here, there = process(database_url), process(database_url)

    async with here.running(), there.running():
        async with here.parts.database.write() as db:
            await move_business_time(db, here.parts.clock, seconds=86400)
        async with asyncio.timeout(PATIENCE):
            while there.parts.clock.offset == timedelta():
                await asyncio.sleep(0.05)

    assert there.parts.clock.offset == timedelta(days=1)
