"""Moves business time: the simulator's clock first, then ours to the same moment.

People live in another clock, so that nobody is signed out.
"""

from datetime import UTC, datetime, timedelta
from math import ceil

from admit.core.business_time import move_business_time
from admit.core.clock import Clock, from_seconds, to_seconds
from admit.core.config import Settings
from admit.core.db import Database
from admit.core.events.worker import Worker
from admit.dev.control import tell
from admit.dev.errors import TimeStands

FURTHEST = timedelta(days=800)
"""In one step: two yearly renewals and some days."""
SIMULATOR_TIMEOUT_SECONDS = 60.0
"""A long step produces every renewal on the way before it answers."""
SETTLING_SECONDS = 10.0


async def move_by(
    settings: Settings, database: Database, clock: Clock, *, seconds: int
) -> datetime:
    """The moment that business time was moved to.

    Raises `Refused`, or `SimulatorUnavailable`; nothing was moved then.
    """
    if seconds <= 0:
        raise TimeStands("Time does not go back.")
    if seconds > FURTHEST.total_seconds():
        raise TimeStands(f"At most {FURTHEST.days} days at once.")
    return await _move(settings, database, clock, {"seconds": seconds})


async def move_to(
    settings: Settings, database: Database, clock: Clock, *, moment: datetime
) -> datetime:
    """Like `move_by`."""
    if moment <= clock.business():
        raise TimeStands("Time does not go back: choose a later moment.")
    if moment > clock.business() + FURTHEST:
        raise TimeStands(f"At most {FURTHEST.days} days at once.")
    return await _move(settings, database, clock, {"to": to_seconds(moment)})


async def settle(settings: Settings, clock: Clock, worker: Worker) -> None:
    """What the move caused is delivered and worked off, as far as that goes in some seconds."""
    deadline = clock.monotonic() + SETTLING_SECONDS
    await tell(settings, "deliveries/flush", {}, patience=SETTLING_SECONDS)
    while clock.monotonic() < deadline and await worker.run_once():
        pass


async def _move(
    settings: Settings, database: Database, clock: Clock, body: dict[str, int]
) -> datetime:
    answer = await tell(settings, "clock/advance", body, patience=SIMULATOR_TIMEOUT_SECONDS)
    now = from_seconds(int(answer["now"]))
    async with database.write() as db:
        # Its seconds are whole ones, cut off: rounding up meets the step that was asked for.
        ahead = ceil((now - clock.wall()).total_seconds())
        await move_business_time(db, clock, seconds=ahead)
    return now


def ahead_in_words(offset: timedelta) -> str:
    """`34 days, 2 hours`; the two largest units are enough."""
    seconds = int(offset.total_seconds())
    if seconds < 1:
        return "Not ahead"
    parts = []
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count} {unit}" if count == 1 else f"{count} {unit}s")
    return ", ".join(parts[:2])


def moment_of(text: str) -> datetime:
    """What a `datetime-local` field sends, in UTC. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
