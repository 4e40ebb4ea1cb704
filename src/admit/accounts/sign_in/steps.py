"""Signing in, step by step: what follows a first factor, and what follows the second.

Every way in ends here, so that no way can skip what another one asks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.devices.notices import tell_of_device
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sessions.service import Browser, Entry, Lifetimes, let_in
from admit.accounts.sign_in.models import SignInAttempt
from admit.accounts.sign_in.repository import SignInAttempts
from admit.accounts.verification.service import verification_for
from admit.accounts.ways_in import locked
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

PAUSE = timedelta(minutes=15)
WRONG_TRIES = 5


@dataclass(frozen=True)
class Refused:
    """Unknown address, wrong secret, inactive account or banned network: nobody learns which."""


@dataclass(frozen=True)
class Welcome:
    user: User
    entry: Entry
    verification_token: str | None
    """For somebody whose address is not confirmed yet."""
    next_path: str | None = None


@dataclass(frozen=True)
class SecondFactorNeeded:
    token: str
    """For the cookie of the browser, or for the program that signs in."""
    next_path: str | None = None


async def proceed(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    method: Method,
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
    counts_as_two: bool = False,
    kind: SessionKind = SessionKind.browser,
) -> Welcome | SecondFactorNeeded | Refused:
    """After a first factor was right: lets in, or pauses for the second one.

    The account is held until the end, so that whatever closes it comes before or after.
    `counts_as_two` is for a passkey that verified its user. A refusal is in the security history.
    """
    held = await locked(db, user.id)
    if held is None or is_barred(held, browser):
        user_id = held.id if held else None
        return refuse(db, user_id, method=method, browser=browser, now=now)
    if user.has_two_factor and not counts_as_two:
        token = _pause(db, user, kind=kind, method=method, next_path=next_path, now=now)
        asked = Outcome.second_factor_asked
        note(db, asked, user_id=user.id, method=method, caller=browser.caller, now=now)
        return SecondFactorNeeded(token, next_path)
    return await _welcome(
        db,
        letters,
        user,
        methods=(method,),
        next_path=next_path,
        browser=browser,
        lifetimes=lifetimes,
        kind=kind,
        now=now,
    )


async def paused(db: AsyncSession, token: str | None, *, now: datetime) -> SignInAttempt | None:
    """The sign-in that waits for a second factor; changes nothing."""
    if token is None:
        return None
    attempt = await SignInAttempts(db).by_token(hash_token(token), now=now)
    return attempt if attempt is not None and attempt.tries < WRONG_TRIES else None


async def try_paused(db: AsyncSession, token: str | None, *, now: datetime) -> SignInAttempt | None:
    """Counts a try of the second factor before it is looked at; None when none is left.

    The attempt stays locked until the transaction ends, so that a burst is tried one by one.
    """
    if token is None:
        return None
    attempts, token_hash = SignInAttempts(db), hash_token(token)
    waiting = await attempts.by_token(token_hash, now=now)
    if waiting is None:
        return None
    await locked(db, waiting.user_id)
    attempt = await attempts.count_try(token_hash, now=now)
    return attempt if attempt is not None and attempt.tries <= WRONG_TRIES else None


async def resume(
    db: AsyncSession,
    letters: Letters,
    attempt: SignInAttempt,
    *,
    method: Method,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Welcome | Refused:
    """After the second factor was right. An attempt lets in once."""
    user = await locked(db, attempt.user_id)
    if (
        user is None
        or is_barred(user, browser)
        or not await SignInAttempts(db).use(attempt.id, now=now)
    ):
        return refuse(db, attempt.user_id, method=method, browser=browser, now=now)
    return await _welcome(
        db,
        letters,
        user,
        methods=(Method(attempt.method), method),
        next_path=attempt.next_path,
        browser=browser,
        lifetimes=lifetimes,
        kind=SessionKind(attempt.kind),
        now=now,
    )


def is_barred(user: User, browser: Browser) -> bool:
    """Whatever they bring."""
    return not user.is_active or browser.caller.is_banned


def refuse(
    db: AsyncSession, user_id: str | None, *, method: Method, browser: Browser, now: datetime
) -> Refused:
    refused = Outcome.sign_in_refused
    note(db, refused, user_id=user_id, method=method, caller=browser.caller, now=now)
    return Refused()


def _pause(
    db: AsyncSession,
    user: User,
    *,
    kind: SessionKind,
    method: Method,
    next_path: str | None,
    now: datetime,
) -> str:
    token = new_token()
    db.add(
        SignInAttempt(
            id=new_id("sia"),
            token_hash=hash_token(token),
            user_id=user.id,
            kind=kind,
            method=method,
            next_path=next_path,
            created_at=now,
            ends_at=now + PAUSE,
        )
    )
    return token


async def _welcome(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    methods: tuple[Method, ...],
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    kind: SessionKind,
    now: datetime,
) -> Welcome:
    entry = await let_in(
        db, user, browser=browser, methods=methods, lifetimes=lifetimes, kind=kind, now=now
    )
    if entry.is_new_device and user.is_verified:
        await tell_of_device(db, letters, user, caller=browser.caller, now=now)
    waiting = None
    if not user.is_verified:
        token = browser.verification_token
        opened = await verification_for(
            db, letters, user, token=token, next_path=next_path, now=now
        )
        waiting = opened if isinstance(opened, str) else None
    return Welcome(user, entry, waiting, next_path)
