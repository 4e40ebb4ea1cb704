"""What operators and staff do with other people's accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.devices.repository import KnownDevices
from admit.accounts.errors import EmailTaken
from admit.accounts.events import AddressConfirmed, SignedUp
from admit.accounts.letters import Letters
from admit.accounts.models import Role, User
from admit.accounts.people.repository import People
from admit.accounts.profile.models import Profile
from admit.accounts.profile.repository import Profiles
from admit.accounts.repository import Users
from admit.accounts.sessions.models import Session
from admit.accounts.sessions.repository import Sessions
from admit.accounts.sessions.service import end_all
from admit.accounts.sign_up import names
from admit.core.errors import InvalidInput
from admit.core.events import record
from admit.core.ids import new_id


@dataclass(frozen=True)
class Found:
    """A person, as an operator sees them: nothing that would open their account."""

    user: User
    profile: Profile | None
    sessions: list[Session]


async def staff_of(db: AsyncSession) -> list[User]:
    """Who is told when something needs a human."""
    return await People(db).staff()


async def find_person(db: AsyncSession, email: str, *, now: datetime) -> Found | None:
    found = address(email)
    user = await Users(db).by_key(found.key) if found else None
    if user is None:
        return None
    profile = await Profiles(db).of(user.id)
    return Found(user, profile, await Sessions(db).alive(user.id, now=now))


async def list_people(db: AsyncSession, text: str, *, limit: int) -> list[User]:
    """Newest first; all of them when `text` is empty."""
    return await People(db).found(text, limit=limit)


async def create_person(
    db: AsyncSession,
    letters: Letters,
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: Role,
    caller: Caller,
    now: datetime,
) -> User:
    """Without a password: nobody but its owner ever knows one. A mail says how to come in.

    Raises `InvalidInput` (sentences by field) and `EmailTaken`.
    """
    values = _checked(email, first_name, last_name)
    user = await make_account(db, values, role=role, is_verified=True, caller=caller, now=now)
    if user is None:
        raise EmailTaken
    await tell_of_account(db, letters, user, now=now)
    return user


async def make_account(
    db: AsyncSession,
    values: Mapping[str, str],
    *,
    role: Role,
    is_verified: bool,
    caller: Caller,
    now: datetime,
) -> User | None:
    """`values`: address, its key, and names. None when the address has an account already."""
    user_id = new_id("usr")
    added = await Users(db).add(
        {
            "id": user_id,
            **values,
            "role": role,
            "is_active": True,
            "verified_at": now if is_verified else None,
            "created_at": now,
        }
    )
    if not added:
        return None
    signed_up, confirmed = SignedUp(user_id=user_id), AddressConfirmed(user_id=user_id)
    await record(db, signed_up, now=now, key=f"signed_up:{user_id}", subject=user_id)
    if is_verified:
        await record(db, confirmed, now=now, key=f"address_confirmed:{user_id}", subject=user_id)
    made, method = Outcome.account_created, Method.terminal
    note(db, made, user_id=user_id, method=method, caller=caller, now=now, detail=role)
    return await Users(db).fresh(user_id)


async def tell_of_account(db: AsyncSession, letters: Letters, user: User, *, now: datetime) -> None:
    """That there is one, and how to come in."""
    context = {"first_name": user.first_name, "code_url": f"{letters.site_url}/sign-in/code"}
    subject = f"Your account at {letters.site_name}"
    await letters.send(db, "account_made", user.email, subject, context, now=now)


async def revoke_sessions(
    db: AsyncSession, user: User, *, method: Method, caller: Caller, now: datetime
) -> None:
    """Signs them out everywhere; programs that signed in, too."""
    await end_all(db, user.id)
    await KnownDevices(db).forget(user.id)
    what = Outcome.sessions_revoked
    note(db, what, user_id=user.id, method=method, caller=caller, now=now)


def _checked(email: str, first_name: str, last_name: str) -> dict[str, str]:
    found = address(email)
    first_name, last_name = names.tidy(first_name), names.tidy(last_name)
    problems = {
        "email": None if found else "Enter an e-mail address like name@example.com.",
        "first_name": names.problem_with(first_name, which="first name"),
        "last_name": names.problem_with(last_name, which="last name"),
    }
    errors = {field: sentence for field, sentence in problems.items() if sentence}
    if errors or found is None:
        raise InvalidInput(errors)
    return {
        "email": found.email,
        "email_key": found.key,
        "first_name": first_name,
        "last_name": last_name,
    }
