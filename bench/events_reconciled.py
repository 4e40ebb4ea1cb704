"""`events reconciled`: from the inbox to the mirror and its grants, by the payload alone."""

import asyncio
import statistics
import time

from admit.billing.webhooks.inbox import ReceivedEvent, store_events
from admit.billing.webhooks.processing import StripeLane
from admit.core.clock import Clock
from admit.core.config import load_settings
from admit.wiring import Wiring, wire
from bench.rows import Row
from bench.town import Town, town

AIM = 1_000.0
EVENTS = 2_000
ROUNDS = 3
SIZES = (1_000, 100_000, 1_000_000)
NOWHERE = "http://127.0.0.1:9"
"""Nothing answers there: a payload that is not enough would be seen."""


def measure() -> list[Row]:
    rates = {size: events_a_second(size) for size in SIZES}
    few = rates[SIZES[0]]
    rows = [Row.against("events reconciled", few, "events/s", limit=AIM)]
    return rows + [
        Row.against(f"events reconciled, {size:,} people", rates[size], "events/s", limit=few)
        for size in SIZES[1:]
    ]


def events_a_second(people: int) -> float:
    with town(people) as there:
        return asyncio.run(_events_a_second(there, people))


async def _events_a_second(there: Town, people: int) -> float:
    wiring = wire(
        load_settings(admit_data_dir=there.folder, stripe_simulator_url=NOWHERE, log_level="error"),
        clock=Clock(),
    )
    each = max(people // EVENTS, 1)
    chosen = [1 + number * each % people for number in range(min(EVENTS, people))]
    rates = []
    for part in range(ROUNDS):
        mine = chosen[part::ROUNDS]
        await _receive(wiring, [there.event_of(person) for person in mine])
        started = time.perf_counter()
        lane, handled = StripeLane(wiring.billing), 0
        while taken := await lane():
            handled += taken
        rates.append(handled / (time.perf_counter() - started))
        if handled != len(mine):
            raise RuntimeError(f"{handled} of {len(mine)} events were reconciled.")
    wiring.billing.gateway.close()
    await wiring.parts.database.close()
    return statistics.median(rates)


async def _receive(wiring: Wiring, bodies: list[bytes]) -> None:
    events = [ReceivedEvent.of_payload(body, mode="simulator") for body in bodies]
    async with wiring.parts.database.write() as db:
        await store_events(db, events, now=wiring.parts.clock.wall())
