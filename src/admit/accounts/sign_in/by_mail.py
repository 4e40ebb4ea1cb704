"""The first factor "reads the mail of this address", as a step of signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.devices.service import is_known
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend
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
from admit.core.crypto import new_token

ASKED_FROM_NETWORK = Limit("sign_in_mail_network", allowed=60, period=timedelta(hours=1))
TRIED_FROM_NETWORK = Limit("sign_in_code_network", allowed=60, period=timedelta(minutes=5))


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
    """The token of the browser (or program) that waits for the mail; the same for any address."""
    wait = await spend(db, ASKED_FROM_NETWORK, browser.caller.network, now=now)
    if wait is not None:
        return TooManyMails(wait)
    owner = await Users(db).by_key(address.key)
    user = owner if owner and not is_barred(owner, browser) else None
    device = browser.device_token
    known = user is not None and await is_known(db, device, user_id=user.id)
    token = new_token()
    held = await mailed.ask(
        db,
        letters,
        address,
        user=user,
        purpose=Purpose.sign_in,
        token=token,
        known_device=device if known else None,
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
    wait = await spend(db, ASKED_FROM_NETWORK, browser.caller.network, now=now)
    if wait is not None:
        return TooManyMails(wait)
    return await mailed.ask_again(db, letters, token, purpose=Purpose.sign_in, now=now)


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
    network = browser.caller.network
    wait = await spend(db, TRIED_FROM_NETWORK, network, now=now)
    if wait is not None:
        return TooOften(wait)
    outcome = await mailed.enter(db, letters.vault, token, typed, purpose=Purpose.sign_in, now=now)
    if not isinstance(outcome, Used):
        user_id = await mailed.asked_by(db, token, now=now)
        refuse(db, user_id, method=Method.code, browser=browser, now=now)
        return outcome
    await give_back(db, TRIED_FROM_NETWORK, network)
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
