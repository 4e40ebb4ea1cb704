"""What routes ask for: who is there, where they call from, and how passwords are hashed."""

from datetime import datetime, timedelta
from functools import cache
from typing import Annotated

import structlog
from fastapi import BackgroundTasks, Depends, Request
from fastapi.params import Depends as Dependency
from sqlalchemy.exc import SQLAlchemyError

from admit.accounts.api_keys.errors import ScopeNeeded
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.api_keys.service import note_use
from admit.accounts.caller import Caller, caller
from admit.accounts.credentials import (
    Credential,
    Known,
    Recognition,
    of_bearer,
    of_session,
)
from admit.accounts.destination import HOME, own_path
from admit.accounts.errors import ProofNeeded
from admit.accounts.letters import Letters
from admit.accounts.models import Role
from admit.accounts.password.service import Passwords
from admit.accounts.person import Person
from admit.accounts.sessions.service import Lifetimes, is_due, keep_alive
from admit.core.config import Settings
from admit.core.errors import ConfirmationNeeded, Forbidden, SignInNeeded
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.frame import API, SAFE_METHODS
from admit.core.http.state import AppClock, AppParts, AppSettings, Parts, parts_of, settings_of

PROOF_LIFE = timedelta(minutes=5)

log = structlog.get_logger("admit.accounts")


def person_of(request: Request) -> Person | None:
    person: Person | None = getattr(request.state, "person", None)
    return person


Visitor = Annotated[Person | None, Depends(person_of)]
NO_KEY_OPENS_THIS = "This is for people who sign in; no API key opens it."


def key_of(request: Request) -> Known | None:
    """The API key that was shown; it names nobody until a route says what it is for."""
    key: Known | None = getattr(request.state, "api_key", None)
    return key


def open_to_keys(scope: Scope) -> Dependency:
    """For a route: whoever holds a key with this scope is the visitor, too.

    Routes without it take no key at all. Raises `ScopeNeeded`.
    """

    def admit_key(request: Request) -> None:
        key = key_of(request)
        if key is not None:
            key.needs(scope)
            request.state.person = key.person

    dependency: Dependency = Depends(admit_key)
    return dependency


def signed_in(request: Request) -> Person:
    # Not as `Visitor`, whose answer is remembered from before the route let a key in.
    person = person_of(request)
    if person is None and key_of(request) is not None:
        raise ScopeNeeded(NO_KEY_OPENS_THIS)
    if person is None:
        raise SignInNeeded(back_to=page_to_come_back_to(request))
    return person


SignedIn = Annotated[Person, Depends(signed_in)]


def verified(person: SignedIn) -> Person:
    if not person.is_verified:
        raise ConfirmationNeeded
    return person


Verified = Annotated[Person, Depends(verified)]


def staff(person: Verified) -> Person:
    return of_role(person, Role.staff)


def admin(person: Verified) -> Person:
    return of_role(person, Role.admin)


def of_role(person: Person, role: Role) -> Person:
    """The one question that every page of staff asks. Raises `Forbidden`."""
    if not person.role.covers(role):
        raise Forbidden
    return person


Staff = Annotated[Person, Depends(staff)]
Admin = Annotated[Person, Depends(admin)]


def recently_proved(request: Request, person: Verified, clock: AppClock) -> Person:
    """For what could take the account away: asks for a new proof after five minutes."""
    if not has_fresh_proof(person, now=clock.wall()):
        raise ProofNeeded(back_to=page_to_come_back_to(request))
    return person


RecentlyProved = Annotated[Person, Depends(recently_proved)]


def has_fresh_proof(person: Person, *, now: datetime) -> bool:
    return person.proved_at is not None and now - person.proved_at <= PROOF_LIFE


def page_to_come_back_to(request: Request) -> str:
    """What was asked for by GET; a form that was sent is asked for again where it stands."""
    if request.method not in SAFE_METHODS:
        return page_of_form(request)
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def page_of_form(request: Request) -> str:
    """The page of ours that sent a form, else the account's."""
    origin = settings_of(request).public_url
    referer = request.headers.get("referer", "")
    path = referer.removeprefix(origin) if referer.startswith(f"{origin}/") else None
    return own_path(path) or HOME


async def note_presence(request: Request, person: Visitor, after: BackgroundTasks) -> None:
    """Keeps the session of whoever is here alive, once the page is out and at most once a minute.

    For routers, after `access.deps.load_visitor`.
    """
    parts, key = parts_of(request), key_of(request)
    if key is not None and key.key_id and key.use_is_due:
        after.add_task(write_use_of_key, parts, key.key_id)
    elif key is None and person is not None and is_due(person, now=parts.clock.wall()):
        after.add_task(write_presence, parts, person.session_id)


async def write_use_of_key(parts: Parts, key_id: str) -> None:
    try:
        async with parts.database.write() as db:
            await note_use(db, key_id, now=parts.clock.wall())
    except SQLAlchemyError:
        log.warning("api_keys.use_not_written", exc_info=True)


async def write_presence(parts: Parts, session_id: str) -> None:
    """A page that was shown must not fail afterwards because the database is busy."""
    try:
        async with parts.database.write() as db:
            await keep_alive(
                db, session_id, lifetimes=lifetimes_of(parts.settings), now=parts.clock.wall()
            )
    except SQLAlchemyError:
        log.warning("sessions.presence_not_written", exc_info=True)


def credential_of(request: Request) -> Credential | None:
    """What shows who asks: the session's cookie, and under /api before it the bearer's token."""
    authorization = request.headers.get("authorization")
    if authorization is not None and request.url.path.startswith(API):
        return of_bearer(authorization)
    return of_session(jar_of(request).read(request, SESSION) or "")


def recognition_of(request: Request) -> Recognition:
    state = request.app.state
    if not hasattr(state, "recognition"):
        state.recognition = Recognition(parts_of(request))
    recognition: Recognition = state.recognition
    return recognition


def caller_of(request: Request, settings: AppSettings) -> Caller:
    forwarded = request.headers.getlist("x-forwarded-for")
    if forwarded and not settings.trusted_proxy_hops:
        warn_of_unset_hops()
    return caller(
        request.client.host if request.client else None,
        forwarded=forwarded,
        hops=settings.trusted_proxy_hops,
        user_agent=request.headers.get("user-agent", ""),
        banned=settings.banned_networks,
    )


AppCaller = Annotated[Caller, Depends(caller_of)]


@cache
def warn_of_unset_hops() -> None:
    log.warning(
        "proxy.untrusted",
        problem="A request carries X-Forwarded-For, but TRUSTED_PROXY_HOPS is 0, so that the "
        "proxy's own address counts for limits. Set it to the number of proxies before Admit.",
    )


def lifetimes_of(settings: Settings) -> Lifetimes:
    return Lifetimes(
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(days=settings.session_absolute_days),
    )


def lifetimes_of_request(request: Request) -> Lifetimes:
    return lifetimes_of(settings_of(request))


AppLifetimes = Annotated[Lifetimes, Depends(lifetimes_of_request)]


def passwords_of(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


AppPasswords = Annotated[Passwords, Depends(passwords_of)]


def letters_of(parts: AppParts) -> Letters:
    return Letters.of(parts.settings, parts.templates, parts.vault)


AppLetters = Annotated[Letters, Depends(letters_of)]
