"""Refresh tokens: each is used once and names its successor (RFC 9700, section 2.2.2).

An answer may be lost on its way, so the token that was used last works again for ten seconds and
gives the same successor. Any other use of a used token means that somebody copied it: the
session ends with all of its tokens.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.sessions.models import Session
from admit.accounts.sessions.service import Lifetimes
from admit.accounts.tokens.models import RefreshToken
from admit.accounts.tokens.repository import ApiSessions, RefreshTokens
from admit.core.crypto import Vault, hash_token, new_token
from admit.core.ids import new_id

GRACE = timedelta(seconds=10)
KEPT_AFTER_END = timedelta(minutes=1)
"""A used token is known for longer than any clock of ours would still take it."""


@dataclass(frozen=True)
class Renewed:
    session: Session
    user: User
    refresh_token: str


class NotRenewed:
    """Unknown, over, or used before: whoever holds it signs in again."""


async def first_token(
    db: AsyncSession, session_id: str, *, lifetimes: Lifetimes, now: datetime
) -> str:
    """Begins the chain of a session that was opened this moment."""
    token = new_token()
    ends_at = now + min(lifetimes.idle, lifetimes.absolute)
    await RefreshTokens(db).add(_row(new_id("rft"), session_id, token, ends_at=ends_at, now=now))
    return token


async def renew(
    db: AsyncSession,
    letters: Letters,
    token: str,
    *,
    lifetimes: Lifetimes,
    caller: Caller,
    now: datetime,
) -> Renewed | NotRenewed:
    """The session is held first, always: refreshes of one session wait for each other, and its
    end waits for them or comes before.
    """
    tokens = RefreshTokens(db)
    known = await tokens.by_hash(hash_token(token))
    held = await ApiSessions(db).hold(known.session_id, now=now) if known else None
    if known is None or held is None or caller.is_banned:
        return NotRenewed()
    session, user = held
    successor, successor_id = successor_of(letters.vault, token), new_id("rft")
    if await tokens.use(known.id, successor_id=successor_id, now=now):
        session.last_seen_at = now
        session.idle_ends_at = min(now + lifetimes.idle, session.ends_at)
        ends_at = session.idle_ends_at
        await tokens.add(_row(successor_id, session.id, successor, ends_at=ends_at, now=now))
        return Renewed(session, user, successor)
    known = await tokens.by_hash(hash_token(token))
    if known is None or known.used_at is None:
        return NotRenewed()
    if await _is_lost_answer(tokens, known, successor, now=now):
        return Renewed(session, user, successor)
    await _end_family(db, letters, session, user, caller=caller, now=now)
    return NotRenewed()


async def prune(db: AsyncSession, *, now: datetime) -> None:
    await RefreshTokens(db).prune(ended_before=now - KEPT_AFTER_END)


def successor_of(vault: Vault, token: str) -> str:
    """Made from the token itself with our key, so that the same one can be told twice although
    only its hash is kept.
    """
    return vault.fingerprint(token, purpose="refresh successor")


async def _is_lost_answer(
    tokens: RefreshTokens, known: RefreshToken, successor: str, *, now: datetime
) -> bool:
    """Only for the token before the newest one, and only a moment after it was used."""
    if known.used_at is None or now >= known.used_at + GRACE or known.successor_id is None:
        return False
    newest = await tokens.by_id(known.successor_id)
    return (
        newest is not None
        and newest.used_at is None
        and hmac.compare_digest(newest.token_hash, hash_token(successor))
    )


async def _end_family(
    db: AsyncSession,
    letters: Letters,
    session: Session,
    user: User,
    *,
    caller: Caller,
    now: datetime,
) -> None:
    """In the transaction that found the copy: nothing of the chain works after it."""
    await ApiSessions(db).end(session.id)
    note(
        db,
        Outcome.refresh_token_reused,
        user_id=user.id,
        method=Method.refresh_token,
        caller=caller,
        now=now,
    )
    await tell_of_change(db, letters, user, Change.token_reused, caller=caller, now=now)


def _row(
    token_id: str, session_id: str, token: str, *, ends_at: datetime, now: datetime
) -> dict[str, object]:
    return {
        "id": token_id,
        "session_id": session_id,
        "token_hash": hash_token(token),
        "created_at": now,
        "ends_at": ends_at,
    }
