"""API keys: made, shown once, recognised by their hash, revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys.errors import TooManyApiKeys, UnknownApiKey
from admit.accounts.api_keys.models import ApiKey
from admit.accounts.api_keys.repository import ApiKeys
from admit.accounts.api_keys.scopes import Scope, in_order
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.models import Role
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.person import Person, initials_of
from admit.accounts.repository import Users
from admit.accounts.ways_in import locked
from admit.core.crypto import hash_token, new_token
from admit.core.errors import SignInNeeded
from admit.core.ids import new_id

BEGINNING = "adm_"
SHOWN_LETTERS = 12
MOST_KEYS = 25
KEPT_AFTER_END = timedelta(days=30)
"""An expired key stays in the list for a while, so that its owner sees why a program stopped."""
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewKey:
    key: ApiKey
    token: str
    """Told once, now; only its hash is kept."""


@dataclass(frozen=True)
class KeyHolder:
    """A person, as far as one of their keys reaches."""

    person: Person
    scopes: frozenset[str]
    key_id: str
    ends_at: datetime | None
    use_is_due: bool
    """Its last use was noted too long ago."""


async def make_key(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    *,
    name: str,
    scopes: Sequence[Scope],
    ends_at: datetime | None,
    caller: Caller,
    now: datetime,
) -> NewKey:
    """Raises `TooManyApiKeys`, and `SignInNeeded` for an account that was closed this very moment.

    Its owner is told by mail.
    """
    user = await locked(db, user_id)
    if user is None or not user.is_active:
        raise SignInNeeded
    if await ApiKeys(db).count(user.id) >= MOST_KEYS:
        raise TooManyApiKeys(MOST_KEYS)
    token = f"{BEGINNING}{new_token()}"
    key = ApiKey(
        id=new_id("key"),
        user_id=user.id,
        name=name,
        token_hash=hash_token(token),
        prefix=token[:SHOWN_LETTERS],
        scopes=" ".join(in_order(scopes)),
        created_at=now,
        ends_at=ends_at,
    )
    db.add(key)
    made = Outcome.api_key_made
    note(db, made, user_id=user.id, method=Method.session, caller=caller, now=now, detail=name)
    told = Change.api_key_made
    await tell_of_change(db, letters, user, told, caller=caller, now=now, detail=name)
    return NewKey(key, token)


async def revoke_key(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    key_id: str,
    *,
    caller: Caller,
    now: datetime,
) -> None:
    """Raises `UnknownApiKey`, also for somebody else's."""
    key = await ApiKeys(db).remove(key_id, user_id=user_id)
    if key is None:
        raise UnknownApiKey
    user, name = await Users(db).fresh(user_id), key.name
    revoked = Outcome.api_key_revoked
    note(db, revoked, user_id=user_id, method=Method.session, caller=caller, now=now, detail=name)
    told = Change.api_key_revoked
    await tell_of_change(db, letters, user, told, caller=caller, now=now, detail=name)


async def revoke_all(db: AsyncSession, user_id: str) -> None:
    """With the account that they act for; none comes back with it."""
    await ApiKeys(db).remove_all(user_id)


async def keys_of(db: AsyncSession, user_id: str) -> Sequence[ApiKey]:
    return await ApiKeys(db).of(user_id)


async def holder_of(db: AsyncSession, token: str, *, now: datetime) -> KeyHolder | None:
    """None for an unknown, revoked or expired key, and for one of somebody who may not enter."""
    found = await ApiKeys(db).living(hash_token(token), now=now)
    if found is None:
        return None
    key, user = found
    person = Person(
        id=user.id,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        initials=initials_of(user.first_name, user.last_name),
        is_verified=user.is_verified,
        is_admin=user.role == Role.admin,
        session_id="",
    )
    due = key.last_used_at is None or key.last_used_at <= now - USE_NOTED_EVERY
    return KeyHolder(person, frozenset(key.scopes.split()), key.id, key.ends_at, due)


async def note_use(db: AsyncSession, key_id: str, *, now: datetime) -> None:
    await ApiKeys(db).note_use(key_id, now=now)


async def prune(db: AsyncSession, *, now: datetime) -> None:
    await ApiKeys(db).prune(ended_before=now - KEPT_AFTER_END)
