from typing import Literal

from sqlalchemy import UniqueConstraint, select
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


async def connected_account(db: AsyncSession, *, mode: str) -> StripeAccount | None:
    """The account that this database was connected to last, in the mode of the key in use."""
    newest = select(StripeAccount).where(StripeAccount.mode == mode)
    return await db.scalar(newest.order_by(StripeAccount.id.desc()).limit(1))


async def newest_account(db: AsyncSession) -> StripeAccount | None:
    return await db.scalar(select(StripeAccount).order_by(StripeAccount.id.desc()).limit(1))


async def remember_account(db: AsyncSession, *, account_id: str, mode: str) -> StripeAccount:
    known = select(StripeAccount).where(
        StripeAccount.account_id == account_id, StripeAccount.mode == mode
    )
    await db.execute(insert_new(db, StripeAccount).values(account_id=account_id, mode=mode))
    return (await db.scalars(known)).one()
