"""Confirming an address: by the code, in the browser that asked, or by the link, in any."""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.confirmed import address_confirmed
from admit.accounts.models import User
from admit.accounts.profile import newsletter
from admit.accounts.repository import Users
from admit.accounts.sessions.service import end_all
from admit.accounts.verification.fingerprint import fingerprint
from admit.accounts.verification.models import Verification
from admit.accounts.verification.repository import VerificationCodes, Verifications
from admit.accounts.ways_in import locked
from admit.core.crypto import Vault, hash_token

WRONG_TRIES = 5
SIX_DIGITS = re.compile(r"[0-9]{6}\Z")


@dataclass(frozen=True)
class Confirmed:
    user: User
    next_path: str | None
    plan: str | None
    browser_hash: str
    replaced_credentials: bool
    has_password: bool = True
    """False where nobody can tell whose of several it would be."""

    def in_browser_of(self, token: str | None) -> bool:
        return token is not None and hmac.compare_digest(hash_token(token), self.browser_hash)


class NotConfirmed(Enum):
    malformed = "Enter the six digits from the mail."
    wrong = "That code is not right. Look at the newest mail and try again."
    dead = "That code no longer works. Ask for another mail below."


class LinkState(Enum):
    ready = "ready"
    expired = "expired"
    used = "used"


@dataclass(frozen=True)
class Link:
    state: LinkState
    email: str | None = None
    user_id: str | None = None


async def enter_code(
    db: AsyncSession,
    vault: Vault,
    token: str | None,
    typed: str,
    *,
    caller: Caller,
    now: datetime,
) -> Confirmed | NotConfirmed:
    """Single use, five wrong tries, ten minutes, and only in the browser that asked.

    `token` is what the cookie of that browser holds.
    """
    code = digits(typed)
    if not SIX_DIGITS.match(code):
        return NotConfirmed.malformed
    if token is None:
        return NotConfirmed.dead
    verification = await Verifications(db).of_browser(hash_token(token), now=now)
    if verification is None:
        return NotConfirmed.dead
    if verification.user_id is not None:
        await locked(db, verification.user_id)
    outcome = await _try_code(db, vault, verification, code, caller=caller, now=now)
    what = Outcome.address_confirmed if isinstance(outcome, Confirmed) else Outcome.code_refused
    user_id = verification.user_id
    note(db, what, user_id=user_id, method=Method.code, caller=caller, now=now)
    return outcome


async def confirm_by_mailbox(
    db: AsyncSession, user: User, *, caller: Caller, now: datetime
) -> User:
    """Somebody came in by a mail to the address, which shows that it is theirs.

    Until now anybody could have made the account: the password that was set then opens it no
    longer (Sudhodanan and Paverd, 2022: the trojan identifier).
    """
    if user.is_verified or not await Users(db).confirm(user.id, {"password_hash": None}, now=now):
        return user
    await end_all(db, user.id)
    return await _confirmed_now(db, user.id, caller=caller, now=now)


async def look_at_link(db: AsyncSession, token: str, *, now: datetime) -> Link:
    """Changes nothing: mail scanners open links too."""
    code = await VerificationCodes(db).by_link(hash_token(token))
    verification = code and await Verifications(db).by_id(code.verification_id)
    user_id = verification.user_id if verification else None
    user = await Users(db).by_id(user_id) if user_id else None
    if code is None or not verification or user is None or not user.is_active:
        return Link(LinkState.expired)
    if code.used_at is not None or user.is_verified:
        return Link(LinkState.used, user_id=user.id)
    if code.replaced_at is not None or code.link_ends_at <= now:
        return Link(LinkState.expired)
    return Link(LinkState.ready, email=verification.email)


async def use_link(
    db: AsyncSession, token: str, *, browser_token: str | None, caller: Caller, now: datetime
) -> Confirmed | None:
    """The one use that was in time confirms; None for every other.

    A browser that signed up with the address itself confirms what it brought, whoever's sign-up
    caused the mail: a stranger's looks the same (Sudhodanan and Paverd, 2022). In any other browser
    the password counts only while one alone signed up.
    """
    codes, link_hash = VerificationCodes(db), hash_token(token)
    code = await codes.by_link(link_hash)
    if code is None:
        return None
    verification = await Verifications(db).by_id(code.verification_id)
    if verification is not None and verification.user_id is not None:
        await locked(db, verification.user_id)
    used = await codes.use_link(link_hash, now=now)
    confirmed = None
    if used and verification:
        own = await _of_browser(db, browser_token, verification.user_id, now=now)
        trusted = own is not None or not await Verifications(db).are_several(
            verification.user_id, now=now
        )
        confirmed = await _confirm(
            db, own or verification, keeps_password=trusted, caller=caller, now=now
        )
    what = Outcome.address_confirmed if confirmed else Outcome.link_refused
    user_id = verification.user_id if verification else None
    note(db, what, user_id=user_id, method=Method.link, caller=caller, now=now)
    return confirmed


async def _of_browser(
    db: AsyncSession, token: str | None, user_id: str | None, *, now: datetime
) -> Verification | None:
    own = await Verifications(db).of_browser(hash_token(token), now=now) if token else None
    return own if own is not None and own.user_id == user_id else None


def digits(typed: str) -> str:
    """As people paste it: `123 456`, `123-456`, the full-width digits of another keyboard."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed[:40]))


async def _try_code(
    db: AsyncSession,
    vault: Vault,
    verification: Verification,
    code: str,
    *,
    caller: Caller,
    now: datetime,
) -> Confirmed | NotConfirmed:
    row = await VerificationCodes(db).count_try(verification.id, now=now)
    if row is None or row.tries > WRONG_TRIES:
        return NotConfirmed.dead
    fits = hmac.compare_digest(row.code_fingerprint, fingerprint(vault, verification.id, code))
    if not fits or verification.user_id is None:
        return NotConfirmed.dead if row.tries == WRONG_TRIES else NotConfirmed.wrong
    if not await VerificationCodes(db).use(row.id, now=now):
        return NotConfirmed.dead
    confirmed = await _confirm(db, verification, caller=caller, now=now)
    return confirmed or NotConfirmed.dead


async def _confirm(
    db: AsyncSession,
    verification: Verification,
    *,
    keeps_password: bool = True,
    caller: Caller,
    now: datetime,
) -> Confirmed | None:
    """None when it was confirmed before, or the account was deactivated."""
    user_id = verification.user_id
    proposed = _proposed(verification)
    values = proposed if keeps_password else {**proposed, "password_hash": None}
    if user_id is None or not await Users(db).confirm(user_id, values, now=now):
        return None
    if values:
        await end_all(db, user_id)
    if proposed:
        place, wants = newsletter.Place.sign_up, verification.newsletter
        await newsletter.choose(db, user_id, wants=wants, place=place, caller=caller, now=now)
    return Confirmed(
        user=await _confirmed_now(db, user_id, caller=caller, now=now),
        next_path=verification.next_path,
        plan=verification.plan,
        browser_hash=verification.browser_hash,
        replaced_credentials=bool(values),
        has_password=keeps_password,
    )


async def _confirmed_now(db: AsyncSession, user_id: str, *, caller: Caller, now: datetime) -> User:
    user = await Users(db).fresh(user_id)
    await address_confirmed(db, user, caller=caller, now=now)
    return user


def _proposed(verification: Verification) -> dict[str, Any]:
    """Whoever shows that the mailbox is theirs decides who the account is."""
    if verification.password_hash is None:
        return {}
    return {
        "email": verification.email,
        "first_name": verification.first_name,
        "last_name": verification.last_name,
        "password_hash": verification.password_hash,
    }
