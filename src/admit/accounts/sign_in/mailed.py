"""Codes and links by mail: to sign in, or to show once more that the mailbox is one's own.

An address without an account is answered the same way; the mail says why there is none. The code
works in the browser that asked, the link after a click, and only the first of them.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend
from admit.accounts.models import User
from admit.accounts.repository import Users
from admit.accounts.sign_in.mails import send_code, send_why_not
from admit.accounts.sign_in.models import MailedCode
from admit.accounts.sign_in.repository import MailedCodes
from admit.accounts.verification.confirmation import SIX_DIGITS, WRONG_TRIES, digits
from admit.core.crypto import Vault, hash_token, new_token
from admit.core.ids import new_id

CODE_LIFE = timedelta(minutes=10)
LINK_LIFE = timedelta(minutes=15)
RESEND_WAIT = timedelta(seconds=60)
MOST_SENDS = 5
WAITS_FOR = timedelta(hours=1)
"""How long a browser is shown the field for its code."""
A_DAY = timedelta(hours=24)
MAILS_TO_ADDRESS = Limit("sign_in_mail", allowed=10, period=A_DAY)
MAILS_FROM_DEVICE = Limit("sign_in_mail_device", allowed=10, period=A_DAY)
FINGERPRINT = "mailed code"


class Purpose(StrEnum):
    sign_in = "sign_in"
    proof = "proof"


@dataclass(frozen=True)
class TooManyMails:
    wait: timedelta


class CodeRefused(Enum):
    malformed = "Enter the six digits from the mail."
    wrong = "That code is not right. Look at the newest mail and try again."
    dead = "That code no longer works. Ask for another mail below."


@dataclass(frozen=True)
class Shown:
    """What the browser that waits for a mail is shown."""

    email: str
    resend_wait: timedelta
    resends_left: int
    next_path: str | None


@dataclass(frozen=True)
class Used:
    """The code or link was right, and this was its one use."""

    user: User
    next_path: str | None


async def ask(
    db: AsyncSession,
    letters: Letters,
    address: Address,
    *,
    user: User | None,
    purpose: Purpose,
    token: str,
    known_device: str | None,
    next_path: str | None,
    now: datetime,
) -> TooManyMails | None:
    """Sends the first mail to the browser that holds `token`. `user` is None for nobody's address.

    A browser that the account knows counts by itself, so that strangers who ask for mails do not
    keep its owner from theirs.
    """
    wait = await _may_mail(db, letters.vault, address.key, known_device=known_device, now=now)
    if wait is not None:
        return TooManyMails(wait)
    code = MailedCode(
        purpose=purpose,
        browser_hash=hash_token(token),
        user_id=user.id if user else None,
        email=address.email,
        email_key=address.key,
        next_path=next_path,
        sends=1,
    )
    await _send(db, letters, code, now=now)
    return None


async def ask_again(
    db: AsyncSession,
    letters: Letters,
    token: str | None,
    *,
    purpose: Purpose,
    known_device: str | None = None,
    now: datetime,
) -> TooManyMails | None:
    """Sends a new mail, which ends the one before. Else how long until one may be asked for."""
    older = await _newest(db, token, purpose=purpose, now=now)
    if older is None or older.sends >= MOST_SENDS:
        ends = older.created_at + WAITS_FOR if older else now + RESEND_WAIT
        return TooManyMails(ends - now)
    if older.created_at + RESEND_WAIT > now:
        return TooManyMails(older.created_at + RESEND_WAIT - now)
    wait = await _may_mail(db, letters.vault, older.email_key, known_device=known_device, now=now)
    if wait is not None:
        return TooManyMails(wait)
    if not await MailedCodes(db).replace(older.id, now=now):
        return TooManyMails(RESEND_WAIT)
    newer = MailedCode(
        purpose=purpose,
        browser_hash=older.browser_hash,
        user_id=older.user_id,
        email=older.email,
        email_key=older.email_key,
        next_path=older.next_path,
        sends=older.sends + 1,
    )
    await _send(db, letters, newer, now=now)
    return None


async def waiting(
    db: AsyncSession, token: str | None, *, purpose: Purpose, now: datetime
) -> Shown | None:
    """None when this browser waits for no mail; changes nothing."""
    code = await _newest(db, token, purpose=purpose, now=now)
    if code is None or code.used_at is not None:
        return None
    return Shown(
        email=code.email,
        resend_wait=max(code.created_at + RESEND_WAIT - now, timedelta()),
        resends_left=MOST_SENDS - code.sends,
        next_path=code.next_path,
    )


async def asked_by(
    db: AsyncSession, token: str | None, *, purpose: Purpose = Purpose.sign_in, now: datetime
) -> str | None:
    """Whose account this browser asked for; for the security history, never for the browser."""
    code = await _newest(db, token, purpose=purpose, now=now)
    return code.user_id if code else None


async def enter(
    db: AsyncSession,
    vault: Vault,
    token: str | None,
    typed: str,
    *,
    purpose: Purpose,
    now: datetime,
) -> Used | CodeRefused:
    """Single use, five wrong tries, ten minutes, and only in the browser that asked."""
    code = digits(typed)
    if not SIX_DIGITS.match(code):
        return CodeRefused.malformed
    newest = await _newest(db, token, purpose=purpose, now=now)
    row = newest and await MailedCodes(db).count_try(newest.id, now=now)
    if not row or row.tries > WRONG_TRIES:
        return CodeRefused.dead
    fits = hmac.compare_digest(row.code_fingerprint, _fingerprint(vault, row.id, code))
    user = await _owner(db, row)
    if not fits or user is None:
        return CodeRefused.dead if row.tries == WRONG_TRIES else CodeRefused.wrong
    if not await MailedCodes(db).use(row.id, now=now):
        return CodeRefused.dead
    return Used(user, row.next_path)


async def look_at_link(db: AsyncSession, token: str, *, now: datetime) -> str | None:
    """The address it would sign in, while it works; changes nothing, for mail scanners look too."""
    code = await MailedCodes(db).by_link(hash_token(token))
    if code is None or code.used_at or code.replaced_at or code.link_ends_at <= now:
        return None
    owner = await _owner(db, code)
    return owner.email if owner else None


async def named_by_link(db: AsyncSession, token: str) -> str | None:
    """Whose account it is about, whether it still works or not."""
    code = await MailedCodes(db).by_link(hash_token(token))
    return code.user_id if code else None


async def use_link(db: AsyncSession, token: str, *, now: datetime) -> Used | None:
    """The one use that was in time; None for every other."""
    code = await MailedCodes(db).use_link(hash_token(token), now=now)
    user = await _owner(db, code) if code else None
    return Used(user, code.next_path) if code and user else None


async def _owner(db: AsyncSession, code: MailedCode) -> User | None:
    """Whose it is, while they are at that address still and may come in."""
    user = await Users(db).by_id(code.user_id) if code.user_id else None
    return user if user and user.is_active and user.email_key == code.email_key else None


async def _newest(
    db: AsyncSession, token: str | None, *, purpose: Purpose, now: datetime
) -> MailedCode | None:
    if token is None:
        return None
    since = now - WAITS_FOR
    return await MailedCodes(db).newest_of(hash_token(token), purpose=purpose, since=since)


async def _may_mail(
    db: AsyncSession, vault: Vault, email_key: str, *, known_device: str | None, now: datetime
) -> timedelta | None:
    if known_device:
        return await spend(db, MAILS_FROM_DEVICE, hash_token(known_device), now=now)
    subject = vault.fingerprint(email_key, purpose=MAILS_TO_ADDRESS.name)
    return await spend(db, MAILS_TO_ADDRESS, subject, now=now)


async def _send(db: AsyncSession, letters: Letters, code: MailedCode, *, now: datetime) -> None:
    """Completes the row, and queues the mail that holds its code or says why there is none."""
    typed, link_token = f"{secrets.randbelow(1_000_000):06d}", new_token()
    code.id = new_id("mco")
    code.code_fingerprint = _fingerprint(letters.vault, code.id, typed)
    code.link_hash = hash_token(link_token)
    code.created_at = now
    code.code_ends_at, code.link_ends_at = now + CODE_LIFE, now + LINK_LIFE
    db.add(code)
    await db.flush()
    owner = await _owner(db, code)
    if owner is None:
        await send_why_not(db, letters, code.email, email_key=code.email_key, now=now)
        return
    await send_code(
        db,
        letters,
        owner,
        typed,
        link_token=link_token if code.purpose == Purpose.sign_in else None,
        minutes=int(CODE_LIFE.total_seconds() // 60),
        now=now,
    )


def _fingerprint(vault: Vault, code_id: str, code: str) -> str:
    return vault.fingerprint(f"{code_id}:{code}", purpose=FINGERPRINT)
