"""Closing an account, for a while or for good, and coming back.

What closes ends everything that is open in the same transaction; the same mailed link brings
either back, for as long as there is something to come back to.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys.service import revoke_all
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.email.repository import EmailChanges
from admit.accounts.events import AccountClosed
from admit.accounts.leaving.mail import send_closed
from admit.accounts.leaving.models import Closing, Departure
from admit.accounts.leaving.repository import Departures
from admit.accounts.letters import Letters
from admit.accounts.models import Role, User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.password.repository import PasswordResets
from admit.accounts.people.repository import People
from admit.accounts.repository import Users
from admit.accounts.sessions.service import end_all
from admit.core.crypto import hash_token, new_token
from admit.core.events import record

TIME_TO_THINK_AGAIN = timedelta(days=14)


async def is_last_admin(db: AsyncSession, user: User) -> bool:
    """Nobody would be left who may do everything."""
    return user.role == Role.admin and await People(db).count_admins() <= 1


async def deactivate(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    caller: Caller,
    now: datetime,
    actor_id: str | None = None,
    method: Method = Method.session,
) -> None:
    """By the person, or by staff when `method` says so; then only staff opens it again."""
    by_staff = method is not Method.session
    departure = Departure(
        user_id=user.id, closing=Closing.deactivated, by_staff=by_staff, left_at=now
    )
    await _close(db, user, departure, now=now)
    closed = Outcome.account_deactivated
    note(db, closed, user_id=user.id, method=method, caller=caller, now=now, actor_id=actor_id)
    await offer_return(db, letters, user, now=now)


async def ask_for_deletion(
    db: AsyncSession, letters: Letters, user: User, *, caller: Caller, now: datetime
) -> datetime:
    """When everything will be erased."""
    erase_at = now + TIME_TO_THINK_AGAIN
    departure = Departure(
        user_id=user.id,
        closing=Closing.deletion,
        by_staff=False,
        left_at=now,
        erase_at=erase_at,
    )
    await _close(db, user, departure, now=now)
    asked = Outcome.deletion_asked
    note(db, asked, user_id=user.id, method=Method.session, caller=caller, now=now)
    await offer_return(db, letters, user, now=now)
    return erase_at


async def offer_return(db: AsyncSession, letters: Letters, user: User, *, now: datetime) -> None:
    """Mails the link that opens the account again; the one before stops working."""
    departure = await Departures(db).of(user.id)
    token = new_token() if departure is not None and not departure.by_staff else None
    if departure is not None:
        departure.token_hash = hash_token(token) if token else None
    erase_at = departure.erase_at if departure else None
    await send_closed(db, letters, user, token=token, erase_at=erase_at, now=now)


async def departure_of_link(db: AsyncSession, token: str) -> Departure | None:
    """Changes nothing: mail scanners open links too."""
    return await Departures(db).by_link(hash_token(token))


async def come_back(
    db: AsyncSession, letters: Letters, token: str, *, caller: Caller, now: datetime
) -> User | None:
    """By the mailed link. Lets nobody in: signing in asks for what it always asks for."""
    departure = await Departures(db).by_link(hash_token(token))
    if departure is None or not await Departures(db).end(departure.user_id):
        return None
    user = await Users(db).fresh(departure.user_id)
    await _reopen(db, letters, user, method=Method.mail_link, caller=caller, now=now)
    return user


async def reactivate(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    method: Method,
    caller: Caller,
    now: datetime,
    actor_id: str | None = None,
) -> bool:
    """By staff. False when there is nothing to come back to, or nobody had left."""
    departure = await Departures(db).of(user.id)
    if user.is_active or (departure is not None and departure.erased_at is not None):
        return False
    await Departures(db).end(user.id)
    await _reopen(db, letters, user, method=method, caller=caller, now=now, actor_id=actor_id)
    return True


async def _close(db: AsyncSession, user: User, departure: Departure, *, now: datetime) -> None:
    """Nothing that was open before works after this transaction."""
    user.is_active = False
    await db.merge(departure)
    await end_all(db, user.id)
    await revoke_all(db, user.id)
    await PasswordResets(db).end_all(user.id)
    await EmailChanges(db).stop_pending(user.id)
    await db.flush()
    event = AccountClosed(user_id=user.id)
    key = f"account_closed:{user.id}:{now.isoformat()}"
    await record(db, event, now=now, key=key, subject=user.id)


async def _reopen(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    method: Method,
    caller: Caller,
    now: datetime,
    actor_id: str | None = None,
) -> None:
    user.is_active = True
    back = Outcome.account_reactivated
    note(db, back, user_id=user.id, method=method, caller=caller, now=now, actor_id=actor_id)
    await tell_of_change(db, letters, user, Change.reactivated, caller=caller, now=now)
