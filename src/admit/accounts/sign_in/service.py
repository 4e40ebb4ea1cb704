"""Signing in with a password, without telling who has an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.devices.service import is_known
from admit.accounts.errors import HashingBusy
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend_in_turn
from admit.accounts.password.service import Passwords
from admit.accounts.repository import Users
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in.failures import count_failure, forget_failures, is_closed
from admit.accounts.sign_in.steps import (
    Refused,
    SecondFactorNeeded,
    Welcome,
    is_barred,
    proceed,
    refuse,
)
from admit.accounts.ways_in import locked
from admit.core.crypto import Vault, hash_token
from admit.core.db import Database

FIVE_MINUTES = timedelta(minutes=5)
TRIES_AT_ACCOUNT = Limit("sign_in_account", allowed=10, period=FIVE_MINUTES)
TRIES_FROM_NETWORK = Limit("sign_in_network", allowed=60, period=FIVE_MINUTES)
TRIES_EVERYWHERE = Limit("sign_in_everywhere", allowed=1000, period=FIVE_MINUTES)
"""However many addresses and accounts somebody has: what one machine can hash has an end."""
TRIES_FROM_DEVICE = Limit("sign_in_device", allowed=10, period=FIVE_MINUTES)
NOBODY = ""
"""Stands for the account that an address does not have: asking for it finds nothing, and takes as
long, so that a clock tells a stranger no more than the answer does."""


@dataclass(frozen=True)
class Attempt:
    """One try, counted against what limits it."""

    user_id: str | None
    password_hash: str | None
    counted: tuple[tuple[Limit, str], ...]


@dataclass(frozen=True)
class HeldBack:
    wait: timedelta


async def begin(
    db: AsyncSession, vault: Vault, address: Address, *, browser: Browser, now: datetime
) -> Attempt | HeldBack:
    """Counts the try before the password is looked at.

    A browser that this account knows counts by itself: strangers who use up the tries of the
    account, or of the network, do not lock its owner out.
    """
    user = await Users(db).by_key(address.key)
    known = await is_known(db, browser.device_token, user_id=user.id if user else NOBODY)
    counted = _counters(vault, address, browser=browser, known=known)
    wait = await spend_in_turn(db, counted, now=now)
    user_id = user.id if user else None
    if wait is not None:
        note(
            db,
            Outcome.sign_in_held_back,
            user_id=user_id,
            method=Method.password,
            caller=browser.caller,
            now=now,
        )
        return HeldBack(wait)
    return Attempt(user_id, user.password_hash if user else None, counted)


async def finish(
    db: AsyncSession,
    letters: Letters,
    attempt: Attempt,
    *,
    fits: bool,
    stronger_hash: str | None,
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
    kind: SessionKind = SessionKind.browser,
) -> Welcome | SecondFactorNeeded | Refused:
    """One row of the security history, in the transaction of what it tells.

    Whatever ends sessions at this moment waits, or has been: a password that was changed while it
    was looked at opens nothing.
    """
    user = await locked(db, attempt.user_id or NOBODY)
    if not fits:
        owner = attempt.user_id or NOBODY
        await count_failure(db, letters, owner, caller=browser.caller, now=now)
    is_right = fits and user is not None and user.password_hash == attempt.password_hash
    if user is None or not is_right or is_closed(user) or is_barred(user, browser):
        return refuse(db, attempt.user_id, method=Method.password, browser=browser, now=now)
    await not_counted(db, attempt)
    forget_failures(user)
    if stronger_hash:
        user.password_hash = stronger_hash
    return await proceed(
        db,
        letters,
        user,
        method=Method.password,
        next_path=next_path,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
        kind=kind,
    )


async def not_counted(db: AsyncSession, attempt: Attempt) -> None:
    for limit, subject in attempt.counted:
        await give_back(db, limit, subject)


async def sign_in(
    database: Database,
    passwords: Passwords,
    letters: Letters,
    *,
    address: Address,
    password: str,
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
    kind: SessionKind = SessionKind.browser,
) -> Welcome | SecondFactorNeeded | Refused | HeldBack:
    """Two short transactions; nothing is held while the password is hashed between them."""
    async with database.write() as db:
        attempt = await begin(db, letters.vault, address, browser=browser, now=now)
    if isinstance(attempt, HeldBack):
        return attempt
    try:
        fits = await passwords.verify(password, attempt.password_hash)
        stronger = await _stronger(passwords, password, attempt) if fits else None
    except HashingBusy:
        async with database.write() as db:
            await not_counted(db, attempt)
        raise
    async with database.write() as db:
        return await finish(
            db,
            letters,
            attempt,
            fits=fits,
            stronger_hash=stronger,
            next_path=next_path,
            browser=browser,
            lifetimes=lifetimes,
            now=now,
            kind=kind,
        )


async def _stronger(passwords: Passwords, password: str, attempt: Attempt) -> str | None:
    """A hash of today's cost, when the stored one is of less."""
    stored = attempt.password_hash
    return await passwords.hash(password) if stored and passwords.is_weak(stored) else None


def _counters(
    vault: Vault, address: Address, *, browser: Browser, known: bool
) -> tuple[tuple[Limit, str], ...]:
    """Always in this order, so that parallel tries wait for each other and never in a circle."""
    if known and browser.device_token:
        return ((TRIES_FROM_DEVICE, hash_token(browser.device_token)),)
    account = vault.fingerprint(address.key, purpose=TRIES_AT_ACCOUNT.name)
    return (
        (TRIES_FROM_NETWORK, browser.caller.network),
        (TRIES_AT_ACCOUNT, account),
        (TRIES_EVERYWHERE, "all"),
    )
