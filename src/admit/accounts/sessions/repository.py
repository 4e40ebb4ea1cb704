from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.sessions.models import Session, SessionKind


class Visit(NamedTuple):
    session_id: str
    last_seen_at: datetime
    proved_at: datetime | None
    user_id: str
    email: str
    first_name: str
    last_name: str
    role: str
    verified_at: datetime | None


class Sessions:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def visit(self, token_hash: str, *, now: datetime) -> Visit | None:
        """Columns, not entities: every page asks this."""
        question = (
            select(
                Session.id,
                Session.last_seen_at,
                Session.proved_at,
                User.id,
                User.email,
                User.first_name,
                User.last_name,
                User.role,
                User.verified_at,
            )
            .join(User, User.id == Session.user_id)
            .where(
                Session.token_hash == token_hash,
                Session.kind == SessionKind.browser,
                Session.idle_ends_at > now,
                Session.ends_at > now,
                User.is_active,
            )
        )
        row = (await self.db.execute(question)).one_or_none()
        return Visit(*row) if row is not None else None

    async def touch(
        self, session_id: str, *, now: datetime, seen_before: datetime, idle_ends_at: datetime
    ) -> None:
        """Not past the absolute end, and only when nobody else has just done it."""
        seen = update(Session).where(
            Session.id == session_id, Session.last_seen_at <= seen_before, Session.ends_at > now
        )
        await self.db.execute(seen.values(last_seen_at=now, idle_ends_at=idle_ends_at))

    async def end(self, token_hash: str) -> str | None:
        """Whose it was."""
        ended = delete(Session).where(Session.token_hash == token_hash).returning(Session.user_id)
        return await self.db.scalar(ended)

    async def prove(
        self, session_id: str, *, user_id: str, token_hash: str, method: str, now: datetime
    ) -> bool:
        proved = (
            update(Session)
            .where(Session.id == session_id, Session.user_id == user_id, Session.ends_at > now)
            .values(token_hash=token_hash, proved_at=now, amr=Session.amr + " " + method)
            .returning(Session.id)
        )
        return await self.db.scalar(proved) is not None

    async def end_all(self, user_id: str, *, but: str | None = None) -> None:
        ended = delete(Session).where(Session.user_id == user_id)
        await self.db.execute(ended if but is None else ended.where(Session.id != but))

    async def prune(self, *, now: datetime) -> None:
        over = or_(Session.idle_ends_at <= now, Session.ends_at <= now)
        await self.db.execute(delete(Session).where(over))
