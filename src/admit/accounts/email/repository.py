from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.email.models import EmailChange
from admit.accounts.mfa.models import TotpApp
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from admit.accounts.passkeys.models import Passkey


class EmailChanges:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def pending_of(self, user_id: str, *, now: datetime) -> EmailChange | None:
        question = select(EmailChange).where(
            EmailChange.user_id == user_id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ends_at > now,
        )
        return await self.db.scalar(question)

    async def by_token(self, token_hash: str, *, now: datetime) -> EmailChange | None:
        question = select(EmailChange).where(
            EmailChange.token_hash == token_hash,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ends_at > now,
        )
        return await self.db.scalar(question)

    async def by_undo_token(self, token_hash: str, *, now: datetime) -> EmailChange | None:
        question = select(EmailChange).where(
            EmailChange.undo_token_hash == token_hash, EmailChange.undo_ends_at > now
        )
        return await self.db.scalar(question)

    async def use(self, token_hash: str, *, user_id: str, now: datetime) -> EmailChange | None:
        """The row for the one use that was in time, by the person who asked for the change."""
        used = (
            update(EmailChange)
            .where(
                EmailChange.token_hash == token_hash,
                EmailChange.user_id == user_id,
                EmailChange.confirmed_at.is_(None),
                EmailChange.ends_at > now,
            )
            .values(confirmed_at=now)
            .returning(EmailChange)
        )
        return await self.db.scalar(used)

    async def use_undo(self, token_hash: str, *, now: datetime) -> EmailChange | None:
        """The row for the one use that was in time."""
        used = (
            update(EmailChange)
            .where(EmailChange.undo_token_hash == token_hash, EmailChange.undo_ends_at > now)
            .values(undo_token_hash=None, undo_ends_at=None)
            .returning(EmailChange)
        )
        return await self.db.scalar(used)

    async def stop_pending(self, user_id: str) -> None:
        pending = delete(EmailChange).where(
            EmailChange.user_id == user_id, EmailChange.confirmed_at.is_(None)
        )
        await self.db.execute(pending)

    async def end_undos(self, user_id: str, *, begun_since: datetime) -> None:
        told = update(EmailChange).where(
            EmailChange.user_id == user_id, EmailChange.created_at >= begun_since
        )
        await self.db.execute(told.values(undo_token_hash=None, undo_ends_at=None))

    async def prune(self, *, begun_before: datetime) -> None:
        over = EmailChange.created_at < begun_before
        await self.db.execute(delete(EmailChange).where(over))


class WaysIn:
    """What opens an account besides its password."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def take_away(self, user_id: str, *, added_since: datetime, passkeys: bool) -> None:
        for table in (Identity, ApiKey, *((Passkey,) if passkeys else ())):
            added = delete(table).where(table.user_id == user_id, table.created_at >= added_since)
            await self.db.execute(added)

    async def has_other_second_step(self, user_id: str, *, added_since: datetime) -> bool:
        """An app, or a passkey that is older."""
        app = exists().where(TotpApp.user_id == user_id, TotpApp.sealed.is_not(None))
        older = exists().where(Passkey.user_id == user_id, Passkey.created_at < added_since)
        return bool(await self.db.scalar(select(or_(app, older))))


class Addresses:
    """The addresses of all accounts, each of which has one owner."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def give(self, user_id: str, *, email: str, email_key: str) -> bool:
        """False when it has another owner who showed that it is theirs.

        One who has not shown it yet was only squatting and goes. The caller must have shown it.
        """
        squatter = delete(User).where(
            User.email_key == email_key, User.id != user_id, User.verified_at.is_(None)
        )
        given = update(User).where(User.id == user_id).values(email=email, email_key=email_key)
        try:
            async with self.db.begin_nested():
                await self.db.execute(squatter)
                await self.db.execute(given)
        except IntegrityError:
            return False
        return True
