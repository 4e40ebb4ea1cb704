"""Somebody who is signed in chooses another password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.errors import HashingBusy
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend_in_turn
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.password.repository import StoredPasswords
from admit.accounts.password.reset import end_what_the_old_password_opened
from admit.accounts.password.service import Passwords
from admit.accounts.person import Person
from admit.accounts.repository import Users
from admit.accounts.sessions.service import Browser, prove
from admit.core.db import Database

TRIES = Limit("password_change", allowed=5, period=timedelta(minutes=5))
TRIES_A_DAY = Limit("password_change_day", allowed=50, period=timedelta(hours=24))


@dataclass(frozen=True)
class HeldBack:
    wait: timedelta


@dataclass(frozen=True)
class Wrong:
    """The current password was not right, or is not current any more."""


@dataclass(frozen=True)
class Changed:
    session_token: str | None
    """The session goes on under this one; None when it ended meanwhile."""


async def change_password(
    database: Database,
    passwords: Passwords,
    letters: Letters,
    person: Person,
    *,
    current: str,
    new: str,
    browser: Browser,
    now: datetime,
) -> Changed | Wrong | HeldBack:
    """Whoever has none yet adds one, and needs no current one."""
    async with database.write() as db:
        stored = await _begin(db, person.id, now=now)
    if isinstance(stored, HeldBack):
        return stored
    try:
        fits = stored is None or await passwords.verify(current, stored)
        new_hash = await passwords.hash(new) if fits else None
    except HashingBusy:
        async with database.write() as db:
            await _not_counted(db, person.id)
        raise
    async with database.write() as db:
        return await _finish(
            db, letters, person, old_hash=stored, new_hash=new_hash, browser=browser, now=now
        )


async def _begin(db: AsyncSession, user_id: str, *, now: datetime) -> str | HeldBack | None:
    """The stored hash; the try is counted before the password is looked at."""
    wait = await spend_in_turn(db, ((TRIES, user_id), (TRIES_A_DAY, user_id)), now=now)
    if wait is not None:
        return HeldBack(wait)
    user = await Users(db).by_id(user_id)
    return user.password_hash if user else None


async def _finish(
    db: AsyncSession,
    letters: Letters,
    person: Person,
    *,
    old_hash: str | None,
    new_hash: str | None,
    browser: Browser,
    now: datetime,
) -> Changed | Wrong:
    caller = browser.caller
    stored = StoredPasswords(db)
    if new_hash is None or not await stored.replace(
        person.id, old_hash=old_hash, new_hash=new_hash
    ):
        refused = Outcome.password_change_refused
        note(db, refused, user_id=person.id, method=Method.password, caller=caller, now=now)
        return Wrong()
    await _not_counted(db, person.id)
    device, session_id = browser.device_token, person.session_id
    await end_what_the_old_password_opened(db, person.id, but=session_id, device_token=device)
    token = await prove(db, person.session_id, user_id=person.id, method=Method.password, now=now)
    user = await Users(db).fresh(person.id)
    done = Outcome.password_changed
    note(db, done, user_id=person.id, method=Method.password, caller=caller, now=now)
    change = Change.password_changed if old_hash else Change.password_added
    await tell_of_change(db, letters, user, change, caller=caller, now=now)
    return Changed(token)


async def _not_counted(db: AsyncSession, user_id: str) -> None:
    for limit in (TRIES, TRIES_A_DAY):
        await give_back(db, limit, user_id)
