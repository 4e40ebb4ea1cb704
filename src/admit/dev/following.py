"""Keeps Admit in step with the simulator, whoever moved it: its control room, a speed, a program.

The simulator knows nothing of Admit; it is asked over HTTP what time it is. The answer's epoch
tells of a reset or a restored snapshot, after which everything is asked for anew.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import httpx2
import structlog

from admit.billing.context import Billing
from admit.billing.reconciliation.starting_over import notice_epoch
from admit.core.business_time import move_business_time
from admit.core.clock import from_seconds
from admit.core.errors import Unavailable
from admit.dev.control import http_to_simulator

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
CLOSE = timedelta(seconds=2)
"""The simulator's seconds are whole ones, and an answer takes its time."""


@dataclass(frozen=True)
class SimulatorClock:
    """`stands`: a clock that tests hold still is nobody's business time."""

    now: datetime
    epoch: str
    stands: bool


async def keep_in_step(billing: Billing) -> None:
    """Until cancelled. A simulator that does not answer is asked again."""
    async with http_to_simulator() as http:
        while True:
            try:
                await fall_in_step(billing, http)
            except (httpx2.HTTPError, Unavailable):
                log.debug("dev.simulator_does_not_answer", exc_info=True)
            except Exception:
                log.exception("dev.not_in_step")
            await asyncio.sleep(LOOK_SECONDS)


async def fall_in_step(billing: Billing, http: httpx2.AsyncClient) -> None:
    """One look. Raises `httpx2.HTTPError`, or what a look at Stripe may raise."""
    clock = await _asked(billing, http)
    if not clock.stands and abs(clock.now - billing.clock.business()) > CLOSE:
        await _move(billing, clock.now)
    await notice_epoch(billing, clock.epoch)


async def _asked(billing: Billing, http: httpx2.AsyncClient) -> SimulatorClock:
    answer = await http.get(f"{billing.settings.simulator_url}/_control/clock")
    said = answer.raise_for_status().json()
    return SimulatorClock(
        now=from_seconds(int(said["now"])), epoch=str(said["epoch"]), stands=bool(said["frozen"])
    )


async def _move(billing: Billing, now: datetime) -> None:
    ahead = ceil((now - billing.clock.wall()).total_seconds())
    async with billing.database.write() as db:
        await move_business_time(db, billing.clock, seconds=ahead)
