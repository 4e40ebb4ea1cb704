from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.devices.service import remember
from admit.accounts.history.repository import History
from admit.accounts.models import Role, User
from admit.accounts.person import Person, initials_of
from admit.accounts.profile.avatars import address_of
from admit.accounts.sessions.models import Session, SessionKind
from admit.accounts.sessions.repository import Sessions, Visit
from admit.accounts.sign_in.repository import MailedCodes, SignInAttempts
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Lifetimes:
    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class Browser:
    """What a browser brought along: the tokens of its cookies, and where it calls from."""

    caller: Caller
    session_token: str | None = None
    device_token: str | None = None
    verification_token: str | None = None
    sign_in_token: str | None = None
    """Of a sign-in that waits for its second factor."""


@dataclass(frozen=True)
class Entry:
    """What the browser is given when somebody is let in."""

    session_id: str
    session_token: str
    device_token: str
    is_new_device: bool = False
    """Somebody who has been here before came with a device that the account did not know."""


async def let_in(
    db: AsyncSession,
    user: User,
    *,
    browser: Browser,
    methods: tuple[Method, ...],
    lifetimes: Lifetimes,
    now: datetime,
    kind: SessionKind = SessionKind.browser,
) -> Entry:
    """A new session for each sign-in; the one that the browser had before ends with it."""
    if browser.session_token:
        await Sessions(db).end(hash_token(browser.session_token))
    token, session_id = new_token(), new_id("ses")
    db.add(
        Session(
            id=session_id,
            token_hash=hash_token(token),
            user_id=user.id,
            kind=kind,
            method=methods[0],
            amr=" ".join(methods),
            proved_at=now,
            created_at=now,
            last_seen_at=now,
            idle_ends_at=now + min(lifetimes.idle, lifetimes.absolute),
            ends_at=now + lifetimes.absolute,
            ip=browser.caller.ip,
            user_agent=browser.caller.user_agent,
        )
    )
    was_here = user.last_login_at is not None
    user.last_login_at = now
    device = await remember(db, browser.device_token, user_id=user.id, now=now)
    is_new = device != browser.device_token
    if kind is SessionKind.api:
        # A program keeps no cookie; it is known by its name.
        is_new = not await History(db).signed_in_with(user.id, browser.caller.user_agent)
    note(db, Outcome.signed_in, user_id=user.id, method=methods[0], caller=browser.caller, now=now)
    return Entry(
        session_id=session_id,
        session_token=token,
        device_token=device,
        is_new_device=was_here and is_new,
    )


async def person_of_token(db: AsyncSession, token: str, *, now: datetime) -> Person | None:
    """Who holds this session; None once it ended, or its account was deactivated."""
    visit = await Sessions(db).visit(hash_token(token), now=now)
    return _person(visit) if visit else None


async def person_of_program(db: AsyncSession, session_id: str, *, now: datetime) -> Person | None:
    """The same for a session that an access token names."""
    visit = await Sessions(db).visit_of_program(session_id, now=now)
    return _person(visit) if visit else None


def _person(visit: Visit) -> Person:
    return Person(
        id=visit.user_id,
        email=visit.email,
        first_name=visit.first_name,
        last_name=visit.last_name,
        initials=initials_of(visit.first_name, visit.last_name),
        is_verified=visit.verified_at is not None,
        is_admin=visit.role == Role.admin,
        session_id=visit.session_id,
        last_seen_at=visit.last_seen_at,
        proved_at=visit.proved_at,
        role=Role(visit.role),
        display_name=visit.display_name,
        picture_url=address_of(visit.picture) if visit.picture else None,
        time_zone=visit.time_zone,
        locale=visit.locale,
    )


def is_due(person: Person, *, now: datetime) -> bool:
    return person.last_seen_at is None or person.last_seen_at <= now - SEEN_EVERY


async def keep_alive(
    db: AsyncSession, session_id: str, *, lifetimes: Lifetimes, now: datetime
) -> None:
    """The person was here: puts off the idle end, never the absolute one, which is asked too."""
    await Sessions(db).touch(
        session_id, now=now, seen_before=now - SEEN_EVERY, idle_ends_at=now + lifetimes.idle
    )


async def sign_out(db: AsyncSession, token: str, *, caller: Caller, now: datetime) -> None:
    user_id = await Sessions(db).end(hash_token(token))
    if user_id is not None:
        note(
            db,
            Outcome.signed_out,
            user_id=user_id,
            method=Method.session,
            caller=caller,
            now=now,
        )


async def end_session(db: AsyncSession, person: Person, *, caller: Caller, now: datetime) -> None:
    """The one that the person is in, by its id: a program knows no token of it."""
    if await Sessions(db).end_of(person.id, person.session_id) is not None:
        left, method = Outcome.signed_out, Method.session
        note(db, left, user_id=person.id, method=method, caller=caller, now=now)


async def prove(
    db: AsyncSession, session_id: str, *, user_id: str, method: Method, now: datetime
) -> str | None:
    """The person showed again who they are: the session goes on under a new token.

    None when the session has ended meanwhile, or is somebody else's.
    """
    token = new_token()
    proved = await Sessions(db).prove(
        session_id, user_id=user_id, token_hash=hash_token(token), method=method, now=now
    )
    return token if proved else None


async def end_all(db: AsyncSession, user_id: str, *, but: str | None = None) -> None:
    """Every session but the one with the id `but`, and every sign-in that is under way."""
    await Sessions(db).end_all(user_id, but=but)
    await SignInAttempts(db).end_all(user_id)
    await MailedCodes(db).end_all(user_id)
