from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.password.models import PasswordReset


class PasswordResets:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def owner(self, token_hash: str, *, now: datetime) -> User | None:
        """Whose password the link may set; None when it may not, or not any more."""
        question = (
            select(User)
            .join(PasswordReset, PasswordReset.user_id == User.id)
            .where(
                PasswordReset.token_hash == token_hash,
                PasswordReset.ends_at > now,
                User.is_active,
            )
        )
        return await self.db.scalar(question)

    async def use(self, token_hash: str, *, now: datetime) -> str | None:
        """Whose it was, for the one use that was in time."""
        used = (
            delete(PasswordReset)
            .where(PasswordReset.token_hash == token_hash, PasswordReset.ends_at > now)
            .returning(PasswordReset.user_id)
        )
        return await self.db.scalar(used)

    async def end_all(self, user_id: str) -> None:
        await self.db.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))

    async def prune(self, *, now: datetime) -> None:
        await self.db.execute(delete(PasswordReset).where(PasswordReset.ends_at <= now))


class StoredPasswords:
    """The column of `users`, written only where it still holds what was judged."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def replace(self, user_id: str, *, old_hash: str | None, new_hash: str) -> bool:
        """False when it was changed meanwhile, or the account was deactivated."""
        replaced = (
            update(User)
            .where(User.id == user_id, User.is_active)
            .where(User.password_hash == old_hash if old_hash else User.password_hash.is_(None))
            .values(password_hash=new_hash, password_failures=0)
            .returning(User.id)
        )
        return await self.db.scalar(replaced) is not None
