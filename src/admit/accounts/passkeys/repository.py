from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.passkeys.models import Passkey, PasskeyChallenge, Purpose
from admit.core.events.service import insert_new


class Passkeys:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of(self, user_id: str) -> list[Passkey]:
        """Oldest first."""
        mine = select(Passkey).where(Passkey.user_id == user_id)
        return list(await self.db.scalars(mine.order_by(Passkey.created_at, Passkey.id)))

    async def owner_of(self, credential_id: str) -> str | None:
        found = select(Passkey.user_id).where(Passkey.credential_id == credential_id)
        return await self.db.scalar(found)

    async def locked(self, credential_id: str) -> Passkey | None:
        """Its counter is read and written by one at a time."""
        found = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
        return await self.db.scalar(found)

    async def mine(self, passkey_id: str, *, user_id: str) -> Passkey | None:
        mine = (Passkey.id == passkey_id, Passkey.user_id == user_id)
        return await self.db.scalar(select(Passkey).where(*mine))

    async def add(self, values: dict[str, Any]) -> bool:
        """False when the key belongs to an account already."""
        added = insert_new(self.db, Passkey).values(values).returning(Passkey.id)
        return await self.db.scalar(added) is not None

    async def remove(self, passkey_id: str, *, user_id: str) -> Passkey | None:
        mine = (Passkey.id == passkey_id, Passkey.user_id == user_id)
        return await self.db.scalar(delete(Passkey).where(*mine).returning(Passkey))

    async def rename(self, passkey_id: str, name: str, *, user_id: str) -> bool:
        mine = (Passkey.id == passkey_id, Passkey.user_id == user_id)
        renamed = update(Passkey).where(*mine).values(name=name).returning(Passkey.id)
        return await self.db.scalar(renamed) is not None


class PasskeyChallenges:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def use(
        self, challenge_hash: str, *, purpose: Purpose, bound_to: str, now: datetime
    ) -> bool:
        """True for the one answer that was in time; any answer ends the challenge."""
        used = (
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.challenge_hash == challenge_hash)
            .returning(
                PasskeyChallenge.purpose, PasskeyChallenge.bound_to, PasskeyChallenge.ends_at
            )
        )
        row = (await self.db.execute(used)).one_or_none()
        return row is not None and (row[0], row[1]) == (purpose, bound_to) and row[2] > now

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(PasskeyChallenge).where(PasskeyChallenge.ends_at <= now))
