from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.models import User


class KeyUse(NamedTuple):
    key: ApiKey
    user: User


class ApiKeys:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of(self, user_id: str) -> Sequence[ApiKey]:
        """Newest first."""
        theirs = select(ApiKey).where(ApiKey.user_id == user_id)
        return (await self.db.scalars(theirs.order_by(ApiKey.id.desc()))).all()

    async def count(self, user_id: str) -> int:
        theirs = select(func.count()).select_from(ApiKey).where(ApiKey.user_id == user_id)
        return await self.db.scalar(theirs) or 0

    async def living(self, token_hash: str, *, now: datetime) -> KeyUse | None:
        """The key and its person, when both may be used."""
        question = (
            select(ApiKey, User)
            .join(User, User.id == ApiKey.user_id)
            .where(
                ApiKey.token_hash == token_hash,
                or_(ApiKey.ends_at.is_(None), ApiKey.ends_at > now),
                User.is_active,
                User.verified_at.is_not(None),
            )
        )
        row = (await self.db.execute(question)).one_or_none()
        return KeyUse(*row) if row is not None else None

    async def remove(self, key_id: str, *, user_id: str) -> ApiKey | None:
        theirs = delete(ApiKey).where(ApiKey.id == key_id, ApiKey.user_id == user_id)
        return await self.db.scalar(theirs.returning(ApiKey))

    async def remove_all(self, user_id: str) -> None:
        await self.db.execute(delete(ApiKey).where(ApiKey.user_id == user_id))

    async def note_use(self, key_id: str, *, now: datetime) -> None:
        used = update(ApiKey).where(ApiKey.id == key_id)
        await self.db.execute(used.values(last_used_at=now))

    async def prune(self, *, ended_before: datetime) -> None:
        await self.db.execute(delete(ApiKey).where(ApiKey.ends_at <= ended_before))
