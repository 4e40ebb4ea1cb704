"""Another e-mail address: confirmed at the new one, told to the old one, which can undo it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.email.mail import send_changed, send_confirmation, send_in_use
from admit.accounts.email.models import EmailChange
from admit.accounts.email.repository import Addresses, EmailChanges, WaysIn
from admit.accounts.leaving.service import offer_return
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend_in_turn
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.password.repository import PasswordResets
from admit.accounts.password.reset import end_what_the_old_password_opened, open_reset
from admit.accounts.repository import Users
from admit.accounts.verification.service import may_mail
from admit.accounts.ways_in import locked
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

LINK_LIFE = timedelta(hours=24)
UNDO_LIFE = timedelta(hours=72)
BEFORE_THE_CHANGE = timedelta(hours=24)
"""An intruder may have made a way back in first."""
ASKED = Limit("email_change", allowed=5, period=timedelta(minutes=5))
ASKED_AN_HOUR = Limit("email_change_hour", allowed=20, period=timedelta(hours=1))


@dataclass(frozen=True)
class HeldBack:
    wait: timedelta


class NotChanged(Enum):
    link_is_dead = "link_is_dead"
    taken = "taken"
    """Somebody else has shown meanwhile that the address is theirs."""


@dataclass(frozen=True)
class Undone:
    reset_token: str | None
    """Of the link that sets a new password; None while the account is closed."""


async def ask_for_change(
    db: AsyncSession,
    letters: Letters,
    user: User,
    address: Address,
    *,
    caller: Caller,
    now: datetime,
) -> HeldBack | None:
    """None when a mail is on its way. The same for an address that has an account already."""
    counted = ((ASKED, user.id), (ASKED_AN_HOUR, user.id))
    wait = await spend_in_turn(db, counted, now=now)
    if wait is None:
        wait = await may_mail(db, letters.vault, address.key, now=now)
    if wait is not None:
        return HeldBack(wait)
    token = await _open(db, user, address, now=now)
    asked = Outcome.email_change_asked
    note(db, asked, user_id=user.id, method=Method.session, caller=caller, now=now)
    owner = await Users(db).by_key(address.key)
    if owner is not None and owner.is_verified:
        await send_in_use(db, letters, recipient=owner.email, first_name=owner.first_name, now=now)
    else:
        await send_confirmation(
            db,
            letters,
            recipient=address.email,
            first_name=user.first_name,
            token=token,
            now=now,
        )
    return None


async def pending_change(db: AsyncSession, user_id: str, *, now: datetime) -> EmailChange | None:
    return await EmailChanges(db).pending_of(user_id, now=now)


async def stop_change(db: AsyncSession, user_id: str, *, caller: Caller, now: datetime) -> None:
    await EmailChanges(db).stop_pending(user_id)
    stopped = Outcome.email_change_stopped
    note(db, stopped, user_id=user_id, method=Method.session, caller=caller, now=now)


async def change_of_link(db: AsyncSession, token: str, *, now: datetime) -> EmailChange | None:
    """Changes nothing: mail scanners open links too."""
    return await EmailChanges(db).by_token(hash_token(token), now=now)


async def change_to_undo(db: AsyncSession, token: str, *, now: datetime) -> EmailChange | None:
    return await EmailChanges(db).by_undo_token(hash_token(token), now=now)


async def confirm_change(
    db: AsyncSession, letters: Letters, token: str, *, user_id: str, caller: Caller, now: datetime
) -> User | NotChanged:
    """By the link, and signed in as who asked: neither a stolen link nor a stranger's account
    gets an address by the click of its owner.
    """
    await locked(db, user_id)
    change = await EmailChanges(db).use(hash_token(token), user_id=user_id, now=now)
    user = await Users(db).fresh(user_id)
    if change is None or not user.is_active or user.email_key != change.old_email_key:
        return _refuse(db, user_id, NotChanged.link_is_dead, caller=caller, now=now)
    if not await Addresses(db).give(
        user.id, email=change.new_email, email_key=change.new_email_key
    ):
        return _refuse(db, user_id, NotChanged.taken, caller=caller, now=now)
    undo_token = new_token()
    change.undo_token_hash, change.undo_ends_at = hash_token(undo_token), now + UNDO_LIFE
    await PasswordResets(db).end_all(user.id)
    user = await Users(db).fresh(user.id)
    changed = Outcome.email_changed
    note(db, changed, user_id=user.id, method=Method.mail_link, caller=caller, now=now)
    await tell_of_change(db, letters, user, Change.email_changed, caller=caller, now=now)
    await send_changed(
        db,
        letters,
        recipient=change.old_email,
        first_name=user.first_name,
        new_email=change.new_email,
        undo_token=undo_token,
        hours=int(UNDO_LIFE.total_seconds() // 3600),
        now=now,
    )
    return user


async def undo_change(
    db: AsyncSession, letters: Letters, token: str, *, caller: Caller, now: datetime
) -> Undone | NotChanged:
    """Whoever has the old mailbox has the account again, whatever was changed since.

    Sessions end and the password goes, for whoever changed the address knows it; so does what they
    added to come back by. Only a second step stays: no mail alone takes the last one away (S24).
    """
    told = await change_to_undo(db, token, now=now)
    if told is not None:
        await locked(db, told.user_id)
    change = await EmailChanges(db).use_undo(hash_token(token), now=now)
    if change is None:
        return NotChanged.link_is_dead
    user_id, lost = change.user_id, (await Users(db).fresh(change.user_id)).email
    given = await Addresses(db).give(
        user_id, email=change.old_email, email_key=change.old_email_key
    )
    if not given:
        return _refuse(db, user_id, NotChanged.taken, caller=caller, now=now)
    user = await _clear(db, user_id, changed_at=change.created_at)
    undone = Outcome.email_change_undone
    note(db, undone, user_id=user_id, method=Method.mail_link, caller=caller, now=now)
    notice = Change.email_change_undone
    await tell_of_change(db, letters, user, notice, caller=caller, now=now, also_to=lost)
    if not user.is_active:
        await offer_return(db, letters, user, now=now)
        return Undone(None)
    return Undone(await open_reset(db, user, now=now))


async def _clear(db: AsyncSession, user_id: str, *, changed_at: datetime) -> User:
    """An earlier change can be undone still: an intruder may have undone one of their own."""
    user = await Users(db).fresh(user_id)
    user.password_hash = None
    await EmailChanges(db).end_undos(user_id, begun_since=changed_at)
    await end_what_the_old_password_opened(db, user_id)
    ways, since = WaysIn(db), changed_at - BEFORE_THE_CHANGE
    asks_without = await ways.has_other_second_step(user_id, added_since=since)
    passkeys = asks_without or not user.has_two_factor
    await ways.take_away(user_id, added_since=since, passkeys=passkeys)
    return user


async def _open(db: AsyncSession, user: User, address: Address, *, now: datetime) -> str:
    """The newest change is the only one that waits."""
    await EmailChanges(db).stop_pending(user.id)
    token = new_token()
    db.add(
        EmailChange(
            id=new_id("emc"),
            user_id=user.id,
            old_email=user.email,
            old_email_key=user.email_key,
            new_email=address.email,
            new_email_key=address.key,
            token_hash=hash_token(token),
            created_at=now,
            ends_at=now + LINK_LIFE,
        )
    )
    await db.flush()
    return token


def _refuse(
    db: AsyncSession, user_id: str, why: NotChanged, *, caller: Caller, now: datetime
) -> NotChanged:
    refused = Outcome.email_change_refused
    note(db, refused, user_id=user_id, method=Method.mail_link, caller=caller, now=now)
    return why
