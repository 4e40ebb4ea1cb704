from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.models import User
from admit.accounts.profile.models import Picture, Profile
from admit.accounts.profile.repository import own_first
from admit.accounts.sessions.models import Session, SessionKind

PICTURE_SHOWN = (
    select(Picture.name)
    .where(Picture.user_id == User.id)
    .order_by(own_first)
    .limit(1)
    .scalar_subquery()
)


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
    display_name: str | None
    time_zone: str | None
    locale: str | None
    picture: str | None


class Sessions:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def visit(self, token_hash: str, *, now: datetime) -> Visit | None:
        return await self._visit(
            Session.token_hash == token_hash, kind=SessionKind.browser, now=now
        )

    async def visit_of_program(self, session_id: str, *, now: datetime) -> Visit | None:
        return await self._visit(Session.id == session_id, kind=SessionKind.api, now=now)

    async def _visit(
        self, which: ColumnElement[bool], *, kind: SessionKind, now: datetime
    ) -> Visit | None:
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
                Profile.display_name,
                Profile.time_zone,
                Profile.locale,
                PICTURE_SHOWN,
            )
            .join(User, User.id == Session.user_id)
            .outerjoin(Profile, Profile.user_id == User.id)
            .where(
                which,
                Session.kind == kind,
                Session.idle_ends_at > now,
                Session.ends_at > now,
                User.is_active,
            )
        )
        row = (await self.db.execute(question)).one_or_none()
        return Visit._make(row) if row is not None else None

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

    async def alive(self, user_id: str, *, now: datetime) -> list[Session]:
        """Last seen first."""
        theirs = select(Session).where(
            Session.user_id == user_id, Session.idle_ends_at > now, Session.ends_at > now
        )
        return list(await self.db.scalars(theirs.order_by(Session.last_seen_at.desc())))

    async def end_of(self, user_id: str, session_id: str) -> str | None:
        """The user agent of the one that ended; None when that person has no such session."""
        ended = delete(Session).where(Session.id == session_id, Session.user_id == user_id)
        return await self.db.scalar(ended.returning(Session.user_agent))

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
