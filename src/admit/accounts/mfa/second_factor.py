"""The second step of signing in, and the limits on guessing it.

The counts are those that PyPI's Warehouse ships: five wrong codes in five minutes, twenty an
hour and fifty a day for one person, ten in five minutes and fifty an hour from one network.
Where the person is known, in a browser that was let in before or in a session, guesses count by
themselves: whoever stole a password does not keep its owner from the second step.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.devices.service import is_known
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend_in_turn
from admit.accounts.mfa import app, recovery
from admit.accounts.mfa.service import stop_reset, user_of
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in.steps import Refused, Welcome, paused, resume, try_paused
from admit.accounts.verification.confirmation import SIX_DIGITS, digits
from admit.core.crypto import hash_token

MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)
FROM_NETWORK = (
    Limit("second_factor_network", allowed=10, period=MINUTES),
    Limit("second_factor_network_hour", allowed=50, period=HOUR),
)
BY_PERSON = (
    Limit("second_factor", allowed=5, period=MINUTES),
    Limit("second_factor_hour", allowed=20, period=HOUR),
    Limit("second_factor_day", allowed=50, period=DAY),
)


@dataclass(frozen=True)
class TooOften:
    wait: timedelta


class NotProved(Enum):
    wrong = "That code is not right. Enter the one that your app shows now."
    wrong_recovery_code = "That recovery code is not right, or it was used before."
    over = "This sign-in is over. Sign in again."


async def enter_second_factor(
    db: AsyncSession,
    letters: Letters,
    token: str | None,
    typed: str,
    *,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Welcome | Refused | NotProved | TooOften:
    """Goes on with the sign-in that `token` names, by a code of the app or a recovery code."""
    waiting = await paused(db, token, now=now)
    if waiting is None:
        return NotProved.over
    user_id, caller = waiting.user_id, browser.caller
    counted = await _counted_for(db, user_id, browser)
    wait = await may_guess(db, counted, now=now)
    if wait is not None:
        held, method = Outcome.sign_in_held_back, method_of(typed)
        note(db, held, user_id=user_id, method=method, caller=caller, now=now)
        return TooOften(wait)
    attempt = await try_paused(db, token, now=now)
    if attempt is None:
        return NotProved.over
    proof = await prove_by_code(
        db, letters, user_id, typed, counted=counted, caller=caller, now=now, refused=SIGNING_IN
    )
    if isinstance(proof, NotProved):
        return proof
    return await resume(
        db, letters, attempt, method=proof, browser=browser, lifetimes=lifetimes, now=now
    )


SIGNING_IN = Outcome.second_factor_refused
PROVING = Outcome.proof_refused
Counted = tuple[tuple[Limit, str], ...]
"""What one guess is counted by; always in this order, so that parallel ones never wait in a
circle."""


async def prove_by_code(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    typed: str,
    *,
    counted: Counted,
    caller: Caller,
    now: datetime,
    refused: Outcome,
) -> Method | NotProved:
    """By which of the two it was, used up herewith. Ask `may_guess` first."""
    method = method_of(typed)
    use = app.use if method is Method.totp else recovery.use
    if not await use(db, letters.vault, user_id, typed, now=now):
        note(db, refused, user_id=user_id, method=method, caller=caller, now=now)
        is_totp = method is Method.totp
        return NotProved.wrong if is_totp else NotProved.wrong_recovery_code
    for limit, subject in counted:
        await give_back(db, limit, subject)
    await stop_reset(db, user_id, method=method, caller=caller, now=now)
    if method is Method.recovery_code:
        await _tell_of_recovery(db, letters, user_id, caller=caller, now=now)
    return method


async def may_guess(db: AsyncSession, counted: Counted, *, now: datetime) -> timedelta | None:
    """Counts a try before it is looked at. None when it is allowed, else how long to wait."""
    return await spend_in_turn(db, counted, now=now)


def counted_in_session(session_id: str) -> Counted:
    """For somebody who is in already."""
    return tuple((limit, session_id) for limit in BY_PERSON)


async def _counted_for(db: AsyncSession, user_id: str, browser: Browser) -> Counted:
    device = browser.device_token
    if device and await is_known(db, device, user_id=user_id):
        return tuple((limit, hash_token(device)) for limit in BY_PERSON)
    network = tuple((limit, browser.caller.network) for limit in FROM_NETWORK)
    return network + tuple((limit, user_id) for limit in BY_PERSON)


def method_of(typed: str) -> Method:
    return Method.totp if SIX_DIGITS.match(digits(typed)) else Method.recovery_code


async def _tell_of_recovery(
    db: AsyncSession, letters: Letters, user_id: str, *, caller: Caller, now: datetime
) -> None:
    used = Outcome.recovery_code_used
    note(db, used, user_id=user_id, method=Method.recovery_code, caller=caller, now=now)
    user = await user_of(db, user_id)
    change = Change.recovery_code_used
    await tell_of_change(db, letters, user, change, caller=caller, now=now)
