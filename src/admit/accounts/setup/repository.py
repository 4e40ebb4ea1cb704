from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.setup.models import SetupLink


class SetupLinks:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def forget_unused(self) -> None:
        await self.db.execute(delete(SetupLink).where(SetupLink.used_at.is_(None)))

    async def by_token(self, token_hash: str) -> SetupLink | None:
        return await self.db.scalar(select(SetupLink).where(SetupLink.token_hash == token_hash))

    async def use(self, token_hash: str, *, now: datetime) -> bool:
        used = (
            update(SetupLink)
            .where(
                SetupLink.token_hash == token_hash,
                SetupLink.used_at.is_(None),
                SetupLink.ends_at > now,
            )
            .values(used_at=now)
            .returning(SetupLink.id)
        )
        return await self.db.scalar(used) is not None
