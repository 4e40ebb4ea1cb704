"""What a program is given when it is let in, and when it renews it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.sessions.models import Session
from admit.accounts.sessions.service import Lifetimes
from admit.accounts.tokens import keys, refresh
from admit.accounts.tokens.access_tokens import Realm, Subject, make_token
from admit.accounts.tokens.repository import ApiSessions
from admit.core.crypto import Vault


@dataclass(frozen=True)
class Pair:
    access_token: str
    refresh_token: str


async def first_pair(
    db: AsyncSession,
    vault: Vault,
    session_id: str,
    *,
    realm: Realm,
    lifetimes: Lifetimes,
    now: datetime,
) -> Pair | None:
    """For a session that was opened a moment ago; None when it has ended meanwhile."""
    held = await ApiSessions(db).hold(session_id, now=now)
    if held is None:
        return None
    token = await refresh.first_token(db, session_id, lifetimes=lifetimes, now=now)
    return Pair(await access_token(db, vault, held[0], realm=realm, now=now), token)


async def access_token(
    db: AsyncSession, vault: Vault, session: Session, *, realm: Realm, now: datetime
) -> str:
    kid, key = await keys.signing_key(db, vault, now=now)
    subject = Subject(
        user_id=session.user_id,
        session_id=session.id,
        proved_at=session.proved_at or session.created_at,
        methods=tuple(session.amr.split()),
    )
    return make_token(kid, key, realm, subject, now=now)


async def prune(db: AsyncSession, *, now: datetime) -> None:
    await keys.prune(db, now=now)
    await refresh.prune(db, now=now)
