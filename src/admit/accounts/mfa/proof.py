"""Showing once more who one is, before something that could take the account away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, give_back, spend
from admit.accounts.mfa.repository import StrongFactors
from admit.accounts.mfa.second_factor import (
    PROVING,
    NotProved,
    TooOften,
    counted_in_session,
    may_guess,
    prove_by_code,
)
from admit.accounts.models import User
from admit.accounts.password.service import Passwords
from admit.accounts.person import Person
from admit.accounts.repository import Users
from admit.accounts.sessions.service import prove
from admit.accounts.sign_in import mailed
from admit.accounts.sign_in.failures import count_failure, forget_failures, is_closed
from admit.accounts.sign_in.mailed import CodeRefused, Purpose, TooManyMails, Used
from admit.accounts.ways_in import locked
from admit.core.db import Database

PROOFS = Limit("proof", allowed=10, period=timedelta(minutes=5))


class PasswordRefused(Enum):
    wrong = "That password is not right."


@dataclass(frozen=True)
class Ways:
    """By which somebody can show it.

    The mail is for whoever has nothing stronger: it opens their account anyway, and a passkey
    needs a script.
    """

    password: bool
    app: bool
    recovery: bool
    passkey: bool

    @property
    def mail(self) -> bool:
        return not (self.password or self.recovery)


@dataclass(frozen=True)
class Proved:
    session_token: str
    """The session goes on under it (SECURITY.md S28)."""


@dataclass(frozen=True)
class Over:
    """The session ended meanwhile."""


async def ways_of(db: AsyncSession, user: User) -> Ways:
    factors = StrongFactors(db)
    return Ways(
        password=user.password_hash is not None and not is_closed(user),
        app=await factors.has_app(user.id),
        recovery=user.has_two_factor,
        passkey=await factors.has_passkey(user.id),
    )


async def prove_by_password(
    database: Database,
    passwords: Passwords,
    letters: Letters,
    person: Person,
    password: str,
    *,
    caller: Caller,
    now: datetime,
) -> Proved | Over | PasswordRefused | TooOften:
    """Two short transactions; nothing is held while the password is hashed between them."""
    async with database.write() as db:
        user = await Users(db).fresh(person.id)
        wait = await spend(db, PROOFS, person.id, now=now)
    if wait is not None:
        return TooOften(wait)
    fits = await passwords.verify(password, user.password_hash) and not is_closed(user)
    async with database.write() as db:
        unchanged = await Users(db).fresh(person.id)
        if not fits or unchanged.password_hash != user.password_hash:
            await count_failure(db, letters, person.id, caller=caller, now=now)
            refused, method = Outcome.proof_refused, Method.password
            note(db, refused, user_id=person.id, method=method, caller=caller, now=now)
            return PasswordRefused.wrong
        forget_failures(unchanged)
        await give_back(db, PROOFS, person.id)
        return await proved(db, person, method=Method.password, caller=caller, now=now)


async def prove_by_second_factor(
    db: AsyncSession, letters: Letters, person: Person, typed: str, *, caller: Caller, now: datetime
) -> Proved | Over | NotProved | TooOften:
    """By a code of the app or a recovery code, under the limits of signing in with them."""
    counted = counted_in_session(person.session_id)
    wait = await may_guess(db, counted, now=now)
    if wait is not None:
        return TooOften(wait)
    method = await prove_by_code(
        db, letters, person.id, typed, counted=counted, caller=caller, now=now, refused=PROVING
    )
    if isinstance(method, NotProved):
        return method
    return await proved(db, person, method=method, caller=caller, now=now)


async def mail_code(
    db: AsyncSession, letters: Letters, person: Person, session_token: str, *, now: datetime
) -> TooManyMails | None:
    """The code works in this session alone."""
    shown = await mailed.waiting(db, session_token, purpose=Purpose.proof, now=now)
    if shown is not None:
        return await mailed.ask_again(db, letters, session_token, purpose=Purpose.proof, now=now)
    theirs = address(person.email)
    if theirs is None:
        raise ValueError("The address of an account is one.")
    return await mailed.ask(
        db,
        letters,
        theirs,
        user=await Users(db).fresh(person.id),
        purpose=Purpose.proof,
        token=session_token,
        known_device=session_token,
        next_path=None,
        now=now,
    )


async def prove_by_mailed_code(
    db: AsyncSession,
    letters: Letters,
    person: Person,
    session_token: str,
    typed: str,
    *,
    caller: Caller,
    now: datetime,
) -> Proved | Over | CodeRefused | TooOften:
    """Only for whoever has nothing stronger: a mailbox is no second factor."""
    wait = await spend(db, PROOFS, person.id, now=now)
    if wait is not None:
        return TooOften(wait)
    await locked(db, person.id)
    user = await Users(db).fresh(person.id)
    outcome: Used | CodeRefused = CodeRefused.dead
    if (await ways_of(db, user)).mail:
        outcome = await mailed.enter(
            db, letters.vault, session_token, typed, purpose=Purpose.proof, now=now
        )
    if not isinstance(outcome, Used) or outcome.user.id != person.id:
        refused, method = Outcome.proof_refused, Method.code
        note(db, refused, user_id=person.id, method=method, caller=caller, now=now)
        return CodeRefused.dead if isinstance(outcome, Used) else outcome
    await give_back(db, PROOFS, person.id)
    return await proved(db, person, method=Method.code, caller=caller, now=now)


async def proved(
    db: AsyncSession, person: Person, *, method: Method, caller: Caller, now: datetime
) -> Proved | Over:
    """After the proof was right: this person's session, and nobody else's, counts as fresh."""
    token = await prove(db, person.session_id, user_id=person.id, method=method, now=now)
    if token is None:
        return Over()
    again = Outcome.proved_again
    note(db, again, user_id=person.id, method=method, caller=caller, now=now)
    return Proved(token)
