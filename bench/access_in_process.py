"""`access check in process`: may this person use this feature, asked by code beside the server."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from admit.access.asking import Asking
from admit.core import migrations
from admit.core.config import load_settings
from admit.wiring import wire
from bench.people import move_in
from bench.rows import Row

ROUNDS = 5
PEOPLE = 20
CHECKS_A_ROUND = 100_000
MOST_MICROSECONDS = 2.0


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(_microseconds(Path(folder)))
    return [Row.against("access check in process", took, "µs", limit=MOST_MICROSECONDS)]


async def _microseconds(folder: Path) -> float:
    """Snapshots get too old and are read anew while it runs, as they do in a server."""
    settings = load_settings(admit_data_dir=folder)
    await asyncio.to_thread(migrations.upgrade, settings.async_database_url)
    inhabitants = await move_in(folder, PEOPLE)
    wiring = wire(settings)
    asking = Asking(wiring.parts)
    ids = [person.user_id for person in inhabitants]
    rounds = [await _round(asking, ids) for _ in range(ROUNDS)]
    await wiring.parts.database.close()
    wiring.billing.gateway.close()
    return statistics.median(rounds)


async def _round(asking: Asking, ids: list[str]) -> float:
    may, turns = asking.may, CHECKS_A_ROUND // len(ids)
    started = time.perf_counter()
    for _ in range(turns):
        for user_id in ids:
            if not (await may(user_id, "premium")).allowed:
                raise RuntimeError("Somebody who holds the feature was refused.")
    return (time.perf_counter() - started) / (turns * len(ids)) * 1e6
