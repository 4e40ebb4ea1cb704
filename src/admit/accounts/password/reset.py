"""A new password for somebody who forgot theirs: a mailed link, good for one use within a day.

What is asked for is answered alike for every address; the mail tells its owner which case it was.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.confirmed import address_confirmed
from admit.accounts.devices.repository import KnownDevices
from admit.accounts.devices.service import is_known
from admit.accounts.email.repository import EmailChanges
from admit.accounts.leaving.service import offer_return
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend, spend_in_turn
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.password.mail import send_reset, send_reset_without_account
from admit.accounts.password.models import PasswordReset
from admit.accounts.password.repository import PasswordResets
from admit.accounts.repository import Users
from admit.accounts.sessions.service import Browser, end_all
from admit.accounts.ways_in import locked
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id

LINK_LIFE = timedelta(hours=24)
"""As long as mails to one address are counted: whoever is held back, because strangers asked for
the address again and again, has a mail whose link works. NIST SP 800-63B-4, section 4.2.1.2, lets
a code that was mailed live for so long."""
OF_ADDRESS = Limit("password_reset_address", allowed=5, period=LINK_LIFE)
OF_DEVICE = Limit("password_reset_device", allowed=5, period=LINK_LIFE)
FROM_NETWORK = Limit("password_reset_network", allowed=20, period=timedelta(hours=1))
FROM_EVERYWHERE = Limit("password_reset", allowed=1000, period=timedelta(minutes=5))


@dataclass(frozen=True)
class HeldBack:
    wait: timedelta


async def ask_for_reset(
    db: AsyncSession, letters: Letters, address: Address, *, browser: Browser, now: datetime
) -> HeldBack | None:
    """None when a mail is on its way, whoever the address belongs to."""
    user = await Users(db).by_key(address.key)
    wait = await _wait(db, letters, address, user, browser=browser, now=now)
    if wait is not None:
        return HeldBack(wait)
    asked = Outcome.password_reset_asked
    user_id = user.id if user else None
    note(db, asked, user_id=user_id, method=Method.mail_link, caller=browser.caller, now=now)
    if user is None:
        await send_reset_without_account(db, letters, recipient=address.email, now=now)
    else:
        await _mail_way_in(db, letters, user, now=now)
    return None


async def mail_reset(
    db: AsyncSession,
    letters: Letters,
    user: User,
    *,
    method: Method,
    caller: Caller,
    now: datetime,
    actor_id: str | None = None,
) -> None:
    """For staff: the link goes to the owner's mailbox, and nobody else sees or sets anything."""
    asked = Outcome.password_reset_asked
    note(db, asked, user_id=user.id, method=method, caller=caller, now=now, actor_id=actor_id)
    await _mail_way_in(db, letters, user, now=now)


async def _mail_way_in(db: AsyncSession, letters: Letters, user: User, *, now: datetime) -> None:
    if not user.is_active:
        await offer_return(db, letters, user, now=now)
        return
    token = await open_reset(db, user, now=now)
    await send_reset(
        db,
        letters,
        recipient=user.email,
        first_name=user.first_name,
        token=token,
        hours=int(LINK_LIFE.total_seconds() // 3600),
        now=now,
    )


async def open_reset(db: AsyncSession, user: User, *, now: datetime) -> str:
    """The token of a link that sets a new password."""
    token = new_token()
    db.add(
        PasswordReset(
            id=new_id("rst"),
            token_hash=hash_token(token),
            user_id=user.id,
            created_at=now,
            ends_at=now + LINK_LIFE,
        )
    )
    await db.flush()
    return token


async def owner_of_link(db: AsyncSession, token: str, *, now: datetime) -> User | None:
    """Changes nothing: mail scanners open links too."""
    return await PasswordResets(db).owner(hash_token(token), now=now)


async def set_new_password(
    db: AsyncSession,
    letters: Letters,
    token: str,
    *,
    password_hash: str,
    browser: Browser,
    now: datetime,
) -> User | None:
    """Ends every session, link and change that is under way; lets nobody in by itself.

    None when the link was used meanwhile, ran out, or never was one. Whoever uses it has shown
    that the mailbox is theirs, so that the address is confirmed too.
    """
    caller = browser.caller
    owner = await owner_of_link(db, token, now=now)
    if owner is not None:
        await locked(db, owner.id)
    user_id = await PasswordResets(db).use(hash_token(token), now=now)
    user = await Users(db).fresh(user_id) if user_id else None
    if user is None or not user.is_active:
        refused = Outcome.password_reset_refused
        note(db, refused, user_id=user_id, method=Method.mail_link, caller=caller, now=now)
        return None
    user.password_hash, user.password_failures = password_hash, 0
    await confirm_by_link(db, user, caller=caller, now=now)
    await end_what_the_old_password_opened(db, user.id, device_token=browser.device_token)
    done = Outcome.password_reset
    note(db, done, user_id=user.id, method=Method.mail_link, caller=caller, now=now)
    await tell_of_change(db, letters, user, Change.password_reset, caller=caller, now=now)
    return user


async def end_what_the_old_password_opened(
    db: AsyncSession, user_id: str, *, but: str | None = None, device_token: str | None = None
) -> None:
    """`but` is the id of the session that may go on, and the device stays known.

    Every other one was perhaps made known with that password: it comes back as a stranger.
    """
    await end_all(db, user_id, but=but)
    this_one = hash_token(device_token) if device_token else None
    await KnownDevices(db).forget(user_id, but=this_one)
    await PasswordResets(db).end_all(user_id)
    await EmailChanges(db).stop_pending(user_id)


async def confirm_by_link(db: AsyncSession, user: User, *, caller: Caller, now: datetime) -> None:
    if await Users(db).confirm(user.id, {}, now=now):
        await address_confirmed(db, await Users(db).fresh(user.id), caller=caller, now=now)


async def _wait(
    db: AsyncSession,
    letters: Letters,
    address: Address,
    user: User | None,
    *,
    browser: Browser,
    now: datetime,
) -> timedelta | None:
    """A browser that the account knows counts by itself: nobody uses up its owner's tries."""
    known = user is not None and await is_known(db, browser.device_token, user_id=user.id)
    if known and browser.device_token:
        return await spend(db, OF_DEVICE, hash_token(browser.device_token), now=now)
    subject = letters.vault.fingerprint(address.key, purpose=OF_ADDRESS.name)
    counted = (
        (FROM_NETWORK, browser.caller.network),
        (OF_ADDRESS, subject),
        (FROM_EVERYWHERE, "all"),
    )
    return await spend_in_turn(db, counted, now=now)
