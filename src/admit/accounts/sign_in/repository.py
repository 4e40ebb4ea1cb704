from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.sign_in.models import SignInAttempt


class SignInAttempts:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_token(self, token_hash: str, *, now: datetime) -> SignInAttempt | None:
        living = (SignInAttempt.token_hash == token_hash, SignInAttempt.ends_at > now)
        return await self.db.scalar(select(SignInAttempt).where(*living))

    async def count_try(self, token_hash: str, *, now: datetime) -> SignInAttempt | None:
        """The attempt with this try counted, while it lives; it stays locked until commit."""
        counted = (
            update(SignInAttempt)
            .where(SignInAttempt.token_hash == token_hash, SignInAttempt.ends_at > now)
            .values(tries=SignInAttempt.tries + 1)
            .returning(SignInAttempt)
            .execution_options(populate_existing=True)
        )
        return await self.db.scalar(counted)

    async def use(self, attempt_id: str, *, now: datetime) -> bool:
        """True for the one use that was in time."""
        used = (
            delete(SignInAttempt)
            .where(SignInAttempt.id == attempt_id, SignInAttempt.ends_at > now)
            .returning(SignInAttempt.id)
        )
        return await self.db.scalar(used) is not None

    async def end_all(self, user_id: str) -> None:
        await self.db.execute(delete(SignInAttempt).where(SignInAttempt.user_id == user_id))

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(SignInAttempt).where(SignInAttempt.ends_at <= now))
