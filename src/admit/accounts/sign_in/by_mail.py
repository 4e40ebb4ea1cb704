"""The first factor "reads the mail of this address", as a step of signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.devices.service import is_known
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend_in_turn
from admit.accounts.repository import Users
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in import mailed
from admit.accounts.sign_in.mailed import CodeRefused, Purpose, TooManyMails, Used
from admit.accounts.sign_in.steps import (
    Refused,
    SecondFactorNeeded,
    Welcome,
    is_barred,
    proceed,
    refuse,
)
from admit.accounts.verification.confirmation import confirm_by_mailbox
from admit.accounts.ways_in import locked
from admit.core.crypto import new_token

ASKED_FROM_NETWORK = Limit("sign_in_mail_network", allowed=60, period=timedelta(hours=1))
ASKED_EVERYWHERE = Limit("sign_in_mail_everywhere", allowed=1000, period=timedelta(minutes=5))
TRIED_FROM_NETWORK = Limit("sign_in_code_network", allowed=60, period=timedelta(minutes=5))
TRIED_EVERYWHERE = Limit("sign_in_code_everywhere", allowed=1000, period=timedelta(minutes=5))


@dataclass(frozen=True)
class TooOften:
    wait: timedelta


async def ask_to_sign_in(
    db: AsyncSession,
    letters: Letters,
    address: Address,
    *,
    browser: Browser,
    next_path: str | None,
    now: datetime,
) -> str | TooManyMails:
    """The token of the browser (or program) that waits for the mail; the same for any address.

    A browser that the account knows counts by itself, so that strangers who ask for mails, of its
    network too, do not keep its owner from theirs.
    """
    owner = await Users(db).by_key(address.key)
    user = owner if owner and not is_barred(owner, browser) else None
    known = await _known_device(db, user.id if user else None, browser)
    held = await _may_ask(db, browser, known=known, now=now)
    if held is not None:
        return held
    token = new_token()
    held = await mailed.ask(
        db,
        letters,
        address,
        user=user,
        purpose=Purpose.sign_in,
        token=token,
        known_device=known,
        next_path=next_path,
        now=now,
    )
    asked = Outcome.sign_in_held_back if held else Outcome.sign_in_code_asked
    user_id = owner.id if owner else None
    note(db, asked, user_id=user_id, method=Method.code, caller=browser.caller, now=now)
    return held or token


async def ask_again(
    db: AsyncSession, letters: Letters, token: str | None, *, browser: Browser, now: datetime
) -> TooManyMails | None:
    """None when another mail is on its way."""
    known = await _known_device(db, await mailed.asked_by(db, token, now=now), browser)
    held = await _may_ask(db, browser, known=known, now=now)
    if held is not None:
        return held
    return await mailed.ask_again(
        db, letters, token, purpose=Purpose.sign_in, known_device=known, now=now
    )


async def _known_device(db: AsyncSession, user_id: str | None, browser: Browser) -> str | None:
    device = browser.device_token
    known = user_id is not None and await is_known(db, device, user_id=user_id)
    return device if known else None


async def _may_ask(
    db: AsyncSession, browser: Browser, *, known: str | None, now: datetime
) -> TooManyMails | None:
    counted = ((ASKED_FROM_NETWORK, browser.caller.network), (ASKED_EVERYWHERE, "all"))
    wait = await spend_in_turn(db, () if known else counted, now=now)
    return None if wait is None else TooManyMails(wait)


async def enter_code(
    db: AsyncSession,
    letters: Letters,
    token: str | None,
    typed: str,
    *,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
    kind: SessionKind = SessionKind.browser,
) -> Welcome | SecondFactorNeeded | Refused | CodeRefused | TooOften:
    user_id = await mailed.asked_by(db, token, now=now)
    known = await _known_device(db, user_id, browser)
    tries = ((TRIED_FROM_NETWORK, browser.caller.network), (TRIED_EVERYWHERE, "all"))
    counted = () if known else tries
    wait = await spend_in_turn(db, counted, now=now)
    if wait is not None:
        return TooOften(wait)
    if user_id is not None:
        await locked(db, user_id)
    outcome = await mailed.enter(db, letters.vault, token, typed, purpose=Purpose.sign_in, now=now)
    if not isinstance(outcome, Used):
        refuse(db, user_id, method=Method.code, browser=browser, now=now)
        return outcome
    for limit, subject in counted:
        await give_back(db, limit, subject)
    return await _came_by_mail(
        db,
        letters,
        outcome,
        method=Method.code,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
        kind=kind,
    )


async def follow_link(
    db: AsyncSession,
    letters: Letters,
    token: str,
    *,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Welcome | SecondFactorNeeded | Refused:
    user_id = await mailed.named_by_link(db, token)
    if user_id is not None:
        await locked(db, user_id)
    used = await mailed.use_link(db, token, now=now)
    if used is None:
        return refuse(db, None, method=Method.link, browser=browser, now=now)
    return await _came_by_mail(
        db, letters, used, method=Method.link, browser=browser, lifetimes=lifetimes, now=now
    )


async def _came_by_mail(
    db: AsyncSession,
    letters: Letters,
    used: Used,
    *,
    method: Method,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
    kind: SessionKind = SessionKind.browser,
) -> Welcome | SecondFactorNeeded | Refused:
    if is_barred(used.user, browser):
        return refuse(db, used.user.id, method=method, browser=browser, now=now)
    was_verified = used.user.is_verified
    user = await confirm_by_mailbox(db, used.user, caller=browser.caller, now=now)
    if not was_verified:
        confirmed = Outcome.address_confirmed
        note(db, confirmed, user_id=user.id, method=method, caller=browser.caller, now=now)
    return await proceed(
        db,
        letters,
        user,
        method=method,
        next_path=used.next_path,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
        kind=kind,
    )
