"""The time machine's offset is a row, so that restarts, workers and commands agree."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.clock import Clock
from admit.core.db import Base, Database

ONLY = 1


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
    async with database.read() as db:
        seconds = await db.scalar(select(BusinessOffset.seconds).where(BusinessOffset.id == ONLY))
    clock.offset = timedelta(seconds=seconds or 0)
