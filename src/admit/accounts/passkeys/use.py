"""Using a passkey: to sign in, as the second step, and to show once more who one is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.mfa.proof import Over, Proved, proved
from admit.accounts.mfa.service import stop_reset
from admit.accounts.passkeys.ceremony import Claim, checked_use, claim_of
from admit.accounts.passkeys.challenges import is_answer_to_ours
from admit.accounts.passkeys.errors import PasskeyRefused
from admit.accounts.passkeys.models import Passkey, Purpose
from admit.accounts.passkeys.repository import Passkeys
from admit.accounts.passkeys.site import Site
from admit.accounts.person import Person
from admit.accounts.repository import Users
from admit.accounts.sessions.service import Browser, Lifetimes
from admit.accounts.sign_in.models import SignInAttempt
from admit.accounts.sign_in.steps import (
    Refused,
    SecondFactorNeeded,
    Welcome,
    proceed,
    refuse,
    resume,
)
from admit.accounts.ways_in import locked


@dataclass(frozen=True)
class Answer:
    """What a browser sent, and what it is bound to."""

    site: Site
    credential: str
    bound_to: str


async def sign_in(
    db: AsyncSession,
    letters: Letters,
    answer: Answer,
    *,
    next_path: str | None,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Welcome | SecondFactorNeeded | Refused:
    """The key says whose it is: nothing is typed."""
    use = await _use(db, answer, Purpose.sign_in, owner=None, now=now)
    user = await Users(db).by_id(use.user_id) if use.user_id and use.is_right else None
    if user is None:
        return refuse(db, use.user_id, method=Method.passkey, browser=browser, now=now)
    await stop_reset(db, user.id, method=Method.passkey, caller=browser.caller, now=now)
    return await proceed(
        db,
        letters,
        user,
        method=Method.passkey,
        next_path=next_path,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
        counts_as_two=True,
    )


async def second_step(
    db: AsyncSession,
    letters: Letters,
    answer: Answer,
    attempt: SignInAttempt,
    *,
    browser: Browser,
    lifetimes: Lifetimes,
    now: datetime,
) -> Welcome | Refused:
    """Goes on with a sign-in that waits; its try is counted already."""
    user_id, caller = attempt.user_id, browser.caller
    use = await _use(db, answer, Purpose.second_factor, owner=user_id, now=now)
    if not use.is_right:
        refused, method = Outcome.second_factor_refused, Method.passkey
        note(db, refused, user_id=user_id, method=method, caller=caller, now=now)
        return Refused()
    await stop_reset(db, user_id, method=Method.passkey, caller=caller, now=now)
    return await resume(
        db,
        letters,
        attempt,
        method=Method.passkey,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
    )


async def prove_again(
    db: AsyncSession, answer: Answer, person: Person, *, caller: Caller, now: datetime
) -> Proved | Over | Refused:
    use = await _use(db, answer, Purpose.prove_again, owner=person.id, now=now)
    if not use.is_right:
        refused, method = Outcome.proof_refused, Method.passkey
        note(db, refused, user_id=person.id, method=method, caller=caller, now=now)
        return Refused()
    await stop_reset(db, person.id, method=Method.passkey, caller=caller, now=now)
    return await proved(db, person, method=Method.passkey, caller=caller, now=now)


@dataclass(frozen=True)
class _Use:
    user_id: str | None
    """Whose key it is, when there is such a key."""
    is_right: bool


async def _use(
    db: AsyncSession, answer: Answer, purpose: Purpose, *, owner: str | None, now: datetime
) -> _Use:
    """The challenge is over herewith, whether the answer is right or wrong."""
    try:
        claim = claim_of(answer.credential)
    except PasskeyRefused:
        return _Use(None, is_right=False)
    whose = await Passkeys(db).owner_of(claim.credential_id)
    if whose is not None:
        await locked(db, whose)
    asked = await is_answer_to_ours(db, claim.challenge, purpose, bound_to=answer.bound_to, now=now)
    passkey = await Passkeys(db).locked(claim.credential_id)
    if passkey is None:
        return _Use(None, is_right=False)
    if not asked or not _is_of(passkey, claim, owner):
        return _Use(passkey.user_id, is_right=False)
    try:
        use = checked_use(answer.site, answer.credential, claim.challenge, passkey)
    except PasskeyRefused:
        return _Use(passkey.user_id, is_right=False)
    passkey.sign_count, passkey.is_synced = use.sign_count, use.is_synced
    passkey.last_used_at = now
    return _Use(passkey.user_id, is_right=True)


def _is_of(passkey: Passkey, claim: Claim, owner: str | None) -> bool:
    """Section 7.2, step 6: the handle must be the owner's; without a known owner it must be there.

    A device answers a question that names its key without one.
    """
    if claim.user_handle is None:
        return passkey.user_id == owner
    return claim.user_handle == passkey.user_id.encode() and owner in {None, passkey.user_id}
