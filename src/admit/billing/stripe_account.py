from datetime import datetime
from typing import Literal

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from admit.core.db import Base
from admit.core.events.service import insert_new

Mode = Literal["simulator", "test", "live"]


class StripeAccount(Base):
    """An account and mode that Stripe ids in this database belong to."""

    __tablename__ = "stripe_accounts"
    __table_args__ = (UniqueConstraint("account_id", "mode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str]
    mode: Mapped[str]
    """One of `Mode`."""
    epoch: Mapped[str | None]
    """The simulator's, which is another one after it was reset."""
    connection: Mapped[int | None]
    """Counts the changes of account; the highest is in use. None: not in use yet."""
    retired_at: Mapped[datetime | None]
    """Since when another account takes its place; it may come back."""


async def connected_account(db: AsyncSession, *, mode: str) -> StripeAccount | None:
    """The account that this database was connected to last, in the mode of the key in use."""
    return await db.scalar(NEWEST.where(StripeAccount.mode == mode).limit(1))


async def newest_account(db: AsyncSession) -> StripeAccount | None:
    return await db.scalar(NEWEST.limit(1))


async def remember_account(db: AsyncSession, *, account_id: str, mode: str) -> StripeAccount:
    """In use from now on, when it was not known before."""
    account = await note_account(db, account_id=account_id, mode=mode)
    if account.connection is None:
        await connect(db, account)
    return account


async def note_account(db: AsyncSession, *, account_id: str, mode: str) -> StripeAccount:
    known = select(StripeAccount).where(
        StripeAccount.account_id == account_id, StripeAccount.mode == mode
    )
    await db.execute(insert_new(db, StripeAccount).values(account_id=account_id, mode=mode))
    return (await db.scalars(known.with_for_update())).one()


async def connect(db: AsyncSession, account: StripeAccount) -> None:
    """From now on it is the one in use."""
    highest = await db.scalar(select(func.max(StripeAccount.connection)))
    account.connection = (highest or 0) + 1
    account.retired_at = None
    await db.flush()


NEWEST = (
    select(StripeAccount)
    .where(StripeAccount.connection.is_not(None))
    .order_by(StripeAccount.connection.desc())
)
IN_USE = (
    select(StripeAccount.id)
    .where(StripeAccount.connection.is_not(None))
    .order_by(StripeAccount.connection.desc())
    .limit(1)
    .scalar_subquery()
)
