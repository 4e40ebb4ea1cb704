from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.invitations.models import Answer, Invitation
from admit.core.events.service import insert_new


class Invitations:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def add(self, values: dict[str, Any]) -> bool:
        """False when somebody else has just invited the same address."""
        added = insert_new(self.db, Invitation).values(values).returning(Invitation.id)
        return await self.db.scalar(added) is not None

    async def by_id(self, invitation_id: str) -> Invitation | None:
        return await self.db.get(Invitation, invitation_id)

    async def by_token(self, token_hash: str) -> Invitation | None:
        return await self.db.scalar(select(Invitation).where(Invitation.token_hash == token_hash))

    async def open_for(self, email_key: str, *, now: datetime) -> Invitation | None:
        waiting = select(Invitation).where(
            Invitation.email_key == email_key,
            Invitation.answered_at.is_(None),
            Invitation.ends_at > now,
        )
        return await self.db.scalar(waiting)

    async def newest(self, limit: int) -> list[Invitation]:
        newest = select(Invitation).order_by(Invitation.created_at.desc(), Invitation.id.desc())
        return list(await self.db.scalars(newest.limit(limit)))

    async def take_up(self, invitation_id: str, *, now: datetime) -> None:
        taken = update(Invitation).where(
            Invitation.id == invitation_id, Invitation.answered_at.is_(None)
        )
        await self.db.execute(taken.values(taken_up_at=now))

    async def answer(
        self, invitation_id: str, answer: Answer, *, user_id: str | None, now: datetime
    ) -> bool:
        """True for the one answer that came first and in time."""
        answered = (
            update(Invitation)
            .where(
                Invitation.id == invitation_id,
                Invitation.answered_at.is_(None),
                Invitation.ends_at > now,
            )
            .values(answer=answer, answered_at=now, user_id=user_id)
            .returning(Invitation.id)
        )
        return await self.db.scalar(answered) is not None

    async def withdraw_open(self, email_key: str, *, now: datetime) -> None:
        """Also those that have run out, so that the address can be invited again."""
        waiting = update(Invitation).where(
            Invitation.email_key == email_key, Invitation.answered_at.is_(None)
        )
        await self.db.execute(waiting.values(answer=Answer.withdrawn, answered_at=now))
