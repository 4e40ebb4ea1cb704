from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.devices.models import KnownDevice


class KnownDevices:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def includes(self, token_hash: str, *, user_id: str) -> bool:
        theirs = exists().where(
            KnownDevice.token_hash == token_hash, KnownDevice.user_id == user_id
        )
        return bool(await self.db.scalar(select(theirs)))

    async def use(self, token_hash: str, *, user_id: str, now: datetime) -> bool:
        used = (
            update(KnownDevice)
            .where(KnownDevice.token_hash == token_hash, KnownDevice.user_id == user_id)
            .values(last_used_at=now)
            .returning(KnownDevice.token_hash)
        )
        return await self.db.scalar(used) is not None

    async def forget(self, user_id: str, *, but: str | None = None) -> None:
        """All that this person's account knows, but the one with the token hash `but`."""
        known = delete(KnownDevice).where(KnownDevice.user_id == user_id)
        kept = known.where(KnownDevice.token_hash != but) if but else known
        await self.db.execute(kept)

    async def prune(self, *, unused_since: datetime) -> None:
        await self.db.execute(delete(KnownDevice).where(KnownDevice.last_used_at < unused_since))
