"""Counts how deliveries end, for whoever looks why events do not arrive.

Anybody may knock at the address, so that a refusal must not cost a write each: what is counted
is written with the first one after `WRITTEN_EVERY` seconds.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.webhooks.models import DeliveryTally

WRITTEN_EVERY = 10.0


class Outcome(StrEnum):
    taken = "taken"
    signed_by_another = "signed_by_another"
    """Signed with a secret that is none of ours."""
    off_time = "off_time"
    """Signed with our secret, by a clock that is more than five minutes from ours."""
    missed = "missed"
    """Never delivered: the sweep found it in Stripe's list."""


class Tally:
    """Of one process; `monotonic` is in seconds."""

    def __init__(self) -> None:
        self._counted: Counter[Outcome] = Counter()
        self._write_at = 0.0

    def count(self, outcome: Outcome, times: int = 1, *, monotonic: float) -> bool:
        """Whether what was counted is to be written now."""
        self._counted[outcome] += times
        if monotonic < self._write_at:
            return False
        self._write_at = monotonic + WRITTEN_EVERY
        return True

    async def write(self, db: AsyncSession, *, now: datetime) -> None:
        counted, self._counted = self._counted, Counter()
        for outcome, count in sorted(counted.items()):
            await add(db, outcome, count, now=now)


async def add(db: AsyncSession, outcome: Outcome, count: int, *, now: datetime) -> None:
    is_postgresql = db.get_bind().dialect.name == "postgresql"
    insert = (postgresql if is_postgresql else sqlite).insert(DeliveryTally)
    row = insert.values(outcome=outcome, count=count, last_at=now)
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[DeliveryTally.outcome],
            set_={"count": DeliveryTally.count + row.excluded.count, "last_at": now},
        )
    )


async def tallied(db: AsyncSession) -> Mapping[str, DeliveryTally]:
    return {row.outcome: row for row in await db.scalars(select(DeliveryTally))}
