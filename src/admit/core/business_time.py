"""The time machine's offset is a row, so that restarts, workers and commands agree."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.clock import Clock
from admit.core.db import Base, Database

log = structlog.get_logger(__name__)

ONLY = 1
FOLLOW_SECONDS = 2.0


class BusinessOffset(Base):
    __tablename__ = "business_offset"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int]


async def move_business_time(db: AsyncSession, clock: Clock, *, seconds: int) -> None:
    """Business time is `seconds` ahead of the wall clock from now on."""
    await db.merge(BusinessOffset(id=ONLY, seconds=seconds))
    clock.offset = timedelta(seconds=seconds)


async def follow_business_time(database: Database, clock: Clock) -> None:
    """Take over an offset that another process set."""
    clock.offset = await _stored_offset(database)


async def keep_following(database: Database, clock: Clock) -> None:
    """Until cancelled; each process for itself, for any of them may move the time machine.

    Only a change of the row is taken over: who moves the time here is ahead of its own commit.
    """
    seen = await _stored_offset(database)
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            stored = await _stored_offset(database)
        except SQLAlchemyError:
            log.warning("business_time.not_read", exc_info=True)
            continue
        if stored != seen:
            clock.offset = seen = stored


async def _stored_offset(database: Database) -> timedelta:
    async with database.read() as db:
        seconds = await db.scalar(select(BusinessOffset.seconds).where(BusinessOffset.id == ONLY))
    return timedelta(seconds=seconds or 0)
