from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.sign_in.models import MailedCode, SignInAttempt


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


class MailedCodes:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def newest_of(
        self, browser_hash: str, *, purpose: str, since: datetime
    ) -> MailedCode | None:
        """The newest that this browser asked for, used or not."""
        newest = (
            select(MailedCode)
            .where(
                MailedCode.browser_hash == browser_hash,
                MailedCode.purpose == purpose,
                MailedCode.replaced_at.is_(None),
                MailedCode.created_at > since,
            )
            .order_by(MailedCode.id.desc())
            .limit(1)
        )
        return await self.db.scalar(newest)

    async def replace(self, code_id: str, *, now: datetime) -> bool:
        """One statement, so that of two clicks only one sends another mail."""
        replaced = (
            update(MailedCode)
            .where(MailedCode.id == code_id, MailedCode.replaced_at.is_(None))
            .values(replaced_at=now)
            .returning(MailedCode.id)
        )
        return await self.db.scalar(replaced) is not None

    async def count_try(self, code_id: str, *, now: datetime) -> MailedCode | None:
        """The code with this try counted, while it lives; it stays locked until commit."""
        counted = (
            update(MailedCode)
            .where(
                MailedCode.id == code_id,
                MailedCode.used_at.is_(None),
                MailedCode.replaced_at.is_(None),
                MailedCode.code_ends_at > now,
            )
            .values(tries=MailedCode.tries + 1)
            .returning(MailedCode)
            .execution_options(populate_existing=True)
        )
        return await self.db.scalar(counted)

    async def use(self, code_id: str, *, now: datetime) -> bool:
        used = (
            update(MailedCode)
            .where(MailedCode.id == code_id, MailedCode.used_at.is_(None))
            .values(used_at=now)
            .returning(MailedCode.id)
        )
        return await self.db.scalar(used) is not None

    async def by_link(self, link_hash: str) -> MailedCode | None:
        return await self.db.scalar(select(MailedCode).where(MailedCode.link_hash == link_hash))

    async def use_link(self, link_hash: str, *, now: datetime) -> MailedCode | None:
        """The row for the one use that was in time."""
        used = (
            update(MailedCode)
            .where(
                MailedCode.link_hash == link_hash,
                MailedCode.used_at.is_(None),
                MailedCode.replaced_at.is_(None),
                MailedCode.link_ends_at > now,
            )
            .values(used_at=now)
            .returning(MailedCode)
        )
        return await self.db.scalar(used)

    async def end_all(self, user_id: str) -> None:
        await self.db.execute(delete(MailedCode).where(MailedCode.user_id == user_id))

    async def prune(self, *, ended_before: datetime) -> None:
        await self.db.execute(delete(MailedCode).where(MailedCode.link_ends_at <= ended_before))
