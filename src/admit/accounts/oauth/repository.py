from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.oauth.models import Identity, IdentityOffer, OAuthAttempt
from admit.core.events.service import insert_new


class OAuthAttempts:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def use(
        self, state_hash: str, *, secret_hash: str, provider: str, now: datetime
    ) -> OAuthAttempt | None:
        """The row for the one use that was in time, by its own browser, at its own provider."""
        used = (
            update(OAuthAttempt)
            .where(
                OAuthAttempt.state_hash == state_hash,
                OAuthAttempt.secret_hash == secret_hash,
                OAuthAttempt.provider == provider,
                OAuthAttempt.used_at.is_(None),
                OAuthAttempt.ends_at > now,
            )
            .values(used_at=now)
            .returning(OAuthAttempt)
        )
        return await self.db.scalar(used)

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(OAuthAttempt).where(OAuthAttempt.ends_at <= now))


class Identities:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def at(self, provider: str, subject: str) -> Identity | None:
        theirs = (Identity.provider == provider, Identity.subject == subject)
        return await self.db.scalar(select(Identity).where(*theirs))

    async def of(self, user_id: str) -> list[Identity]:
        mine = select(Identity).where(Identity.user_id == user_id).order_by(Identity.provider)
        return list(await self.db.scalars(mine))

    async def by_id(self, identity_id: str) -> Identity | None:
        return await self.db.get(Identity, identity_id)

    async def add(self, values: dict[str, Any]) -> bool:
        """False when it opens an account already, or theirs has another one of this provider."""
        added = insert_new(self.db, Identity).values(values).returning(Identity.id)
        return await self.db.scalar(added) is not None

    async def remove(self, user_id: str, provider: str) -> Identity | None:
        removed = (
            delete(Identity)
            .where(Identity.user_id == user_id, Identity.provider == provider)
            .returning(Identity)
        )
        return await self.db.scalar(removed)

    async def locked_owner(self, email_key: str) -> User | None:
        """Whoever confirms an address and whoever brings it from elsewhere wait for each other."""
        locked = select(User).where(User.email_key == email_key).with_for_update(key_share=True)
        return await self.db.scalar(locked.execution_options(populate_existing=True))


class IdentityOffers:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def find(self, token_hash: str, *, user_id: str, now: datetime) -> IdentityOffer | None:
        mine = (IdentityOffer.token_hash == token_hash, IdentityOffer.user_id == user_id)
        return await self.db.scalar(select(IdentityOffer).where(*mine, IdentityOffer.ends_at > now))

    async def take(self, token_hash: str, *, user_id: str, now: datetime) -> IdentityOffer | None:
        """Once; whoever else asks finds it gone."""
        taken = (
            delete(IdentityOffer)
            .where(IdentityOffer.token_hash == token_hash, IdentityOffer.user_id == user_id)
            .returning(IdentityOffer)
        )
        offer = await self.db.scalar(taken)
        return offer if offer is not None and offer.ends_at > now else None

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(IdentityOffer).where(IdentityOffer.ends_at <= now))
