from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.leaving.mail import ERASED
from admit.accounts.leaving.models import Departure
from admit.core.mail import MailRow


class Departures:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of(self, user_id: str) -> Departure | None:
        return await self.db.get(Departure, user_id)

    async def by_link(self, token_hash: str) -> Departure | None:
        question = select(Departure).where(
            Departure.token_hash == token_hash, Departure.erased_at.is_(None)
        )
        return await self.db.scalar(question)

    async def end(self, user_id: str) -> bool:
        """True for the one call that brought the person back."""
        ended = (
            delete(Departure)
            .where(Departure.user_id == user_id, Departure.erased_at.is_(None))
            .returning(Departure.user_id)
        )
        return await self.db.scalar(ended) is not None

    async def next_due(self, *, now: datetime) -> Departure | None:
        """Locked, so that somebody who comes back this very moment is either erased or back."""
        question = (
            select(Departure)
            .where(Departure.erase_at <= now, Departure.erased_at.is_(None))
            .order_by(Departure.erase_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return await self.db.scalar(question)


class LastMails:
    """The mails that tell somebody that they were erased."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def forget(self, *, queued_before: datetime) -> None:
        sent = delete(MailRow).where(
            MailRow.kind == f"accounts.{ERASED}", MailRow.created_at < queued_before
        )
        await self.db.execute(sent)
