from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.sessions.models import Session, SessionKind
from admit.accounts.tokens.models import RefreshToken, SigningKey


class SigningKeys:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[SigningKey]:
        """Newest first."""
        question = select(SigningKey).order_by(SigningKey.created_at.desc(), SigningKey.id.desc())
        return (await self.db.scalars(question)).all()

    async def newest(self) -> SigningKey | None:
        question = select(SigningKey).where(SigningKey.retired_at.is_(None))
        newest_first = question.order_by(SigningKey.created_at.desc(), SigningKey.id.desc())
        return await self.db.scalar(newest_first.limit(1))

    async def retire_all(self, *, now: datetime) -> None:
        in_use = update(SigningKey).where(SigningKey.retired_at.is_(None))
        await self.db.execute(in_use.values(retired_at=now))

    async def remove_all(self) -> None:
        await self.db.execute(delete(SigningKey))

    async def remove_retired(self, *, before: datetime) -> None:
        await self.db.execute(delete(SigningKey).where(SigningKey.retired_at <= before))


class ApiSessions:
    """Sessions of programs: no cookie opens them, a chain of refresh tokens hangs on each."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def hold(self, session_id: str, *, now: datetime) -> tuple[Session, User] | None:
        """Locks it, so that refreshes and its end come one after the other; None once it ended."""
        question = (
            select(Session, User)
            .join(User, User.id == Session.user_id)
            .where(
                Session.id == session_id,
                Session.kind == SessionKind.api,
                Session.idle_ends_at > now,
                Session.ends_at > now,
                User.is_active,
            )
            .with_for_update(of=Session)
            .execution_options(populate_existing=True)
        )
        row = (await self.db.execute(question)).one_or_none()
        return (row[0], row[1]) if row is not None else None

    async def end(self, session_id: str) -> None:
        await self.db.execute(delete(Session).where(Session.id == session_id))


class RefreshTokens:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def by_hash(self, token_hash: str) -> RefreshToken | None:
        question = select(RefreshToken).where(RefreshToken.token_hash == token_hash)
        return await self.db.scalar(question.execution_options(populate_existing=True))

    async def by_id(self, token_id: str) -> RefreshToken | None:
        question = select(RefreshToken).where(RefreshToken.id == token_id)
        return await self.db.scalar(question.execution_options(populate_existing=True))

    async def add(self, values: dict[str, Any]) -> None:
        self.db.add(RefreshToken(**values))
        await self.db.flush()

    async def use(self, token_id: str, *, successor_id: str, now: datetime) -> bool:
        """True for the one use that was in time."""
        used = (
            update(RefreshToken)
            .where(
                RefreshToken.id == token_id,
                RefreshToken.used_at.is_(None),
                RefreshToken.ends_at > now,
            )
            .values(used_at=now, successor_id=successor_id)
            .returning(RefreshToken.id)
        )
        return await self.db.scalar(used) is not None

    async def prune(self, *, ended_before: datetime) -> None:
        await self.db.execute(delete(RefreshToken).where(RefreshToken.ends_at <= ended_before))
