from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.mfa.models import RecoveryCode, TotpApp, TwoFactorReset
from admit.accounts.models import User
from admit.accounts.passkeys.models import Passkey
from admit.core.events.service import insert_new


class TotpApps:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_user(self, user_id: str) -> TotpApp | None:
        return await self.db.get(TotpApp, user_id, populate_existing=True)

    async def begin(self, user_id: str, pending: str, *, now: datetime) -> None:
        """Also when it is begun twice at once; the later secret is the one to scan."""
        values = {"user_id": user_id, "pending": pending, "last_step": 0, "created_at": now}
        await self.db.execute(insert_new(self.db, TotpApp).values(values))
        newest = update(TotpApp).where(TotpApp.user_id == user_id)
        await self.db.execute(newest.values(pending=pending))

    async def use_step(self, user_id: str, step: int) -> bool:
        """True for the one use of this step's code; the steps before it are over with it."""
        used = (
            update(TotpApp)
            .where(TotpApp.user_id == user_id, TotpApp.last_step < step)
            .values(last_step=step)
            .returning(TotpApp.user_id)
        )
        return await self.db.scalar(used) is not None

    async def confirm(self, user_id: str, pending: str, *, step: int) -> bool:
        """True for the one use that put `pending`, as it is stored, in the place of the old one."""
        confirmed = (
            update(TotpApp)
            .where(TotpApp.user_id == user_id, TotpApp.pending == pending)
            .values(sealed=pending, pending=None, last_step=step)
            .returning(TotpApp.user_id)
        )
        return await self.db.scalar(confirmed) is not None

    async def remove(self, user_id: str) -> None:
        await self.db.execute(delete(TotpApp).where(TotpApp.user_id == user_id))


class StrongFactors:
    """What can be asked for as a second step."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def has_app(self, user_id: str) -> bool:
        used = exists().where(TotpApp.user_id == user_id, TotpApp.sealed.is_not(None))
        return bool(await self.db.scalar(select(used)))

    async def has_passkey(self, user_id: str) -> bool:
        return bool(await self.db.scalar(select(exists().where(Passkey.user_id == user_id))))


class RecoveryCodes:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def replace_unconfirmed(
        self, user_id: str, codes: Iterable[tuple[str, str]], *, now: datetime
    ) -> None:
        """`codes` are pairs of an id and a fingerprint."""
        unconfirmed = (RecoveryCode.user_id == user_id, RecoveryCode.confirmed_at.is_(None))
        await self.db.execute(delete(RecoveryCode).where(*unconfirmed))
        self.db.add_all(
            RecoveryCode(id=code_id, user_id=user_id, fingerprint=fingerprint, created_at=now)
            for code_id, fingerprint in codes
        )
        await self.db.flush()

    async def confirm(self, user_id: str, fingerprint: str, *, now: datetime) -> bool:
        """The newest set takes the place of the one before, when `fingerprint` is of it."""
        newest = (RecoveryCode.user_id == user_id, RecoveryCode.confirmed_at.is_(None))
        known = select(RecoveryCode.id).where(*newest, RecoveryCode.fingerprint == fingerprint)
        if await self.db.scalar(known) is None:
            return False
        older = (RecoveryCode.user_id == user_id, RecoveryCode.confirmed_at.is_not(None))
        await self.db.execute(delete(RecoveryCode).where(*older))
        await self.db.execute(update(RecoveryCode).where(*newest).values(confirmed_at=now))
        return True

    async def use(self, user_id: str, fingerprints: Sequence[str], *, now: datetime) -> bool:
        """By any of the `fingerprints` that one code has."""
        used = (
            update(RecoveryCode)
            .where(
                RecoveryCode.user_id == user_id,
                RecoveryCode.fingerprint.in_(fingerprints),
                RecoveryCode.confirmed_at.is_not(None),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(RecoveryCode.id)
        )
        return await self.db.scalar(used) is not None

    async def left(self, user_id: str) -> int:
        unused = select(func.count()).where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.confirmed_at.is_not(None),
            RecoveryCode.used_at.is_(None),
        )
        return await self.db.scalar(unused) or 0

    async def remove_all(self, user_id: str) -> None:
        await self.db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


class TwoFactorResets:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_user(self, user_id: str) -> TwoFactorReset | None:
        return await self.db.get(TwoFactorReset, user_id)

    async def newest(self, user_id: str) -> TwoFactorReset:
        asked = select(TwoFactorReset).where(TwoFactorReset.user_id == user_id)
        return (await self.db.scalars(asked)).one()

    async def ask(self, values: Mapping[str, Any]) -> bool:
        """True for the first time; asking again changes nothing."""
        asked = insert_new(self.db, TwoFactorReset).values(**values)
        return await self.db.scalar(asked.returning(TwoFactorReset.user_id)) is not None

    async def due(self, *, now: datetime) -> list[User]:
        over = (
            select(User)
            .join(TwoFactorReset, TwoFactorReset.user_id == User.id)
            .where(TwoFactorReset.due_at <= now)
        )
        return list(await self.db.scalars(over))

    async def remove(self, user_id: str) -> bool:
        """True when there was one; it is carried out or stopped once."""
        removed = (
            delete(TwoFactorReset)
            .where(TwoFactorReset.user_id == user_id)
            .returning(TwoFactorReset.user_id)
        )
        return await self.db.scalar(removed) is not None
