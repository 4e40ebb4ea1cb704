from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.verification.models import Verification, VerificationCode


class Verifications:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_browser(self, browser_hash: str, *, now: datetime) -> Verification | None:
        return await self.db.scalar(
            select(Verification).where(
                Verification.browser_hash == browser_hash, Verification.ends_at > now
            )
        )

    async def by_id(self, verification_id: str) -> Verification | None:
        return await self.db.get(Verification, verification_id)

    async def are_several(self, user_id: str | None, *, now: datetime) -> bool:
        """Whether more than one sign-up waits for this address: a later one has its password."""
        later = exists().where(
            Verification.user_id == user_id,
            Verification.password_hash.is_not(None),
            Verification.ends_at > now,
        )
        return bool(await self.db.scalar(select(later)))

    async def claim_resend(
        self, verification_id: str, *, now: datetime, wait: timedelta, most: int
    ) -> bool:
        """One statement, so that of two clicks only one sends a mail."""
        claimed = (
            update(Verification)
            .where(
                Verification.id == verification_id,
                Verification.last_sent_at <= now - wait,
                Verification.resends < most,
            )
            .values(last_sent_at=now, resends=Verification.resends + 1)
            .returning(Verification.id)
        )
        return await self.db.scalar(claimed) is not None

    async def prune(self, *, ended_before: datetime) -> None:
        await self.db.execute(delete(Verification).where(Verification.ends_at <= ended_before))


class VerificationCodes:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def replace_older(self, verification_id: str, *, now: datetime) -> None:
        older = update(VerificationCode).where(
            VerificationCode.verification_id == verification_id,
            VerificationCode.replaced_at.is_(None),
        )
        await self.db.execute(older.values(replaced_at=now))

    async def count_try(self, verification_id: str, *, now: datetime) -> VerificationCode | None:
        """The newest code with this try counted, while it lives; it stays locked until commit."""
        counted = (
            update(VerificationCode)
            .where(
                VerificationCode.verification_id == verification_id,
                VerificationCode.replaced_at.is_(None),
                VerificationCode.used_at.is_(None),
                VerificationCode.code_ends_at > now,
            )
            .values(tries=VerificationCode.tries + 1)
            .returning(VerificationCode)
            .execution_options(populate_existing=True)
        )
        return await self.db.scalar(counted)

    async def use(self, code_id: str, *, now: datetime) -> bool:
        used = (
            update(VerificationCode)
            .where(VerificationCode.id == code_id, VerificationCode.used_at.is_(None))
            .values(used_at=now)
            .returning(VerificationCode.id)
        )
        return await self.db.scalar(used) is not None

    async def by_link(self, link_hash: str) -> VerificationCode | None:
        return await self.db.scalar(
            select(VerificationCode).where(VerificationCode.link_hash == link_hash)
        )

    async def use_link(self, link_hash: str, *, now: datetime) -> VerificationCode | None:
        """The row for the one use that was in time."""
        used = (
            update(VerificationCode)
            .where(
                VerificationCode.link_hash == link_hash,
                VerificationCode.used_at.is_(None),
                VerificationCode.replaced_at.is_(None),
                VerificationCode.link_ends_at > now,
            )
            .values(used_at=now)
            .returning(VerificationCode)
        )
        return await self.db.scalar(used)
