"""Whether an account asks for a second factor, and who may still turn it off when it was lost."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.mfa.models import TwoFactorReset
from admit.accounts.mfa.repository import RecoveryCodes, StrongFactors, TotpApps, TwoFactorResets
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.repository import Users
from admit.accounts.ways_in import locked

RESET_DELAY = timedelta(hours=24)
BY_ITSELF = Caller(ip="unknown", user_agent="")
"""Who carries out what was asked for the day before."""


async def turn_on(
    db: AsyncSession, letters: Letters, user: User, *, method: Method, caller: Caller, now: datetime
) -> None:
    """From now on nobody is let in with one factor alone. Once is enough."""
    if user.has_two_factor:
        return
    user.two_factor_since = now
    turned_on = Outcome.two_factor_turned_on
    note(db, turned_on, user_id=user.id, method=method, caller=caller, now=now)
    await tell_of_change(db, letters, user, Change.two_factor_on, caller=caller, now=now)


async def turn_off(
    db: AsyncSession, letters: Letters, user: User, *, method: Method, caller: Caller, now: datetime
) -> None:
    """Forgets the app and the recovery codes with it; passkeys stay a way in of their own."""
    await _forget(db, user)
    turned_off = Outcome.two_factor_turned_off
    note(db, turned_off, user_id=user.id, method=method, caller=caller, now=now)
    await tell_of_change(db, letters, user, Change.two_factor_off, caller=caller, now=now)


async def tell_of_other_app(
    db: AsyncSession, letters: Letters, user: User, *, caller: Caller, now: datetime
) -> None:
    """The second step stays on, and is shown by another app from now on."""
    changed = Outcome.authenticator_changed
    note(db, changed, user_id=user.id, method=Method.session, caller=caller, now=now)
    change = Change.authenticator_changed
    await tell_of_change(db, letters, user, change, caller=caller, now=now)


async def ask_for_reset(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    asked_by: str | None,
    caller: Caller,
    now: datetime,
) -> TwoFactorReset:
    """Staff's way for somebody who lost everything: carried out after a day, unless stopped.

    Asking again changes nothing: the day counts from the first time. `asked_by` is the id of who
    asked; None in the terminal.
    """
    resets = TwoFactorResets(db)
    values = {"user_id": user.id, "asked_by": asked_by, "asked_at": now}
    if await resets.ask({**values, "due_at": now + RESET_DELAY}):
        method = Method.staff if asked_by else Method.terminal
        asked = Outcome.two_factor_reset_asked
        note(db, asked, user_id=user.id, method=method, caller=caller, actor_id=asked_by, now=now)
        change = Change.two_factor_reset_asked
        await tell_of_change(db, letters, user, change, caller=None, now=now)
    return await resets.newest(user.id)


async def reset_of(db: AsyncSession, user_id: str) -> TwoFactorReset | None:
    return await TwoFactorResets(db).of_user(user_id)


async def stop_reset(
    db: AsyncSession, user_id: str, *, method: Method, caller: Caller, now: datetime
) -> bool:
    """Its owner is there after all. True when there was something to stop."""
    stopped = await TwoFactorResets(db).remove(user_id)
    if stopped:
        what = Outcome.two_factor_reset_stopped
        note(db, what, user_id=user_id, method=method, caller=caller, now=now)
    return stopped


async def carry_out_resets(db: AsyncSession, letters: Letters, *, now: datetime) -> None:
    """For the worker: switches off what was asked for a day ago, and tells its owner."""
    resets = TwoFactorResets(db)
    for user in await resets.due(now=now):
        await locked(db, user.id)
        if not await resets.remove(user.id):
            continue
        await _forget(db, user)
        done = Outcome.two_factor_reset_done
        note(db, done, user_id=user.id, method=Method.staff, caller=BY_ITSELF, now=now)
        await tell_of_change(db, letters, user, Change.two_factor_off, caller=None, now=now)


async def passkey_removed(
    db: AsyncSession, letters: Letters, user: User, *, caller: Caller, now: datetime
) -> None:
    """Without an app and without a passkey there is nothing left to ask for as a second step."""
    factors = StrongFactors(db)
    if not user.has_two_factor or await factors.has_app(user.id):
        return
    if not await factors.has_passkey(user.id):
        await turn_off(db, letters, user, method=Method.session, caller=caller, now=now)


async def recovery_codes_left(db: AsyncSession, user_id: str) -> int:
    return await RecoveryCodes(db).left(user_id)


async def user_of(db: AsyncSession, user_id: str) -> User:
    """Somebody who is signed in, as a row."""
    return await Users(db).fresh(user_id)


async def _forget(db: AsyncSession, user: User) -> None:
    user.two_factor_since = None
    await TotpApps(db).remove(user.id)
    await RecoveryCodes(db).remove_all(user.id)
    await TwoFactorResets(db).remove(user.id)
