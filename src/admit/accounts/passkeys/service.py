"""The passkeys of a person: made, named, and removed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts import ways_in
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.devices.words import in_words
from admit.accounts.letters import Letters
from admit.accounts.mfa.service import passkey_removed
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.passkeys.ceremony import challenge_of_new, new_key
from admit.accounts.passkeys.challenges import is_answer_to_ours
from admit.accounts.passkeys.errors import KnownPasskey, PasskeyRefused, TooManyPasskeys
from admit.accounts.passkeys.models import Passkey, Purpose
from admit.accounts.passkeys.repository import Passkeys
from admit.accounts.passkeys.site import Site
from admit.core.errors import InvalidInput, NotFound
from admit.core.ids import new_id

MOST = 20
LONGEST_NAME = 60


async def passkeys_of(db: AsyncSession, user_id: str) -> list[Passkey]:
    return await Passkeys(db).of(user_id)


async def add_passkey(
    db: AsyncSession,
    letters: Letters,
    site: Site,
    user_id: str,
    *,
    credential: str,
    name: str,
    bound_to: str,
    caller: Caller,
    now: datetime,
) -> None:
    """Raises `PasskeyRefused`, `KnownPasskey`, `TooManyPasskeys`, `InvalidInput`."""
    chosen = proper_name(name) or in_words(caller.user_agent)
    challenge = challenge_of_new(credential)
    user = await _confirmed(db, user_id)
    if not await is_answer_to_ours(db, challenge, Purpose.register, bound_to=bound_to, now=now):
        raise PasskeyRefused
    key, passkeys = new_key(site, credential, challenge), Passkeys(db)
    if len(await passkeys.of(user_id)) >= MOST:
        raise TooManyPasskeys
    added = await passkeys.add(
        {
            "id": new_id("pky"),
            "user_id": user_id,
            "credential_id": key.credential_id,
            "public_key": key.public_key,
            "sign_count": key.sign_count,
            "name": chosen,
            "transports": key.transports,
            "is_synced": key.is_synced,
            "created_at": now,
        }
    )
    if not added:
        raise KnownPasskey
    method = Method.passkey
    what = Outcome.passkey_added
    note(db, what, user_id=user_id, method=method, caller=caller, now=now, detail=chosen)
    change = Change.passkey_added
    await tell_of_change(db, letters, user, change, caller=caller, now=now, detail=chosen)


async def rename_passkey(db: AsyncSession, user_id: str, passkey_id: str, name: str) -> None:
    """Raises `NotFound`, `InvalidInput`."""
    chosen = proper_name(name)
    if not chosen:
        raise InvalidInput({"name": "Enter a name for it."})
    if not await Passkeys(db).rename(passkey_id, chosen, user_id=user_id):
        raise NotFound


async def remove_passkey(
    db: AsyncSession,
    letters: Letters,
    user_id: str,
    passkey_id: str,
    *,
    caller: Caller,
    now: datetime,
) -> str:
    """Its name. Raises `NotFound`, `LastWayIn`."""
    user = await _confirmed(db, user_id)
    passkeys = Passkeys(db)
    if await passkeys.mine(passkey_id, user_id=user_id) is None:
        raise NotFound
    await ways_in.keep_the_last(db, user)
    removed = await passkeys.remove(passkey_id, user_id=user_id)
    if removed is None:
        raise NotFound
    name, method, what = removed.name, Method.session, Outcome.passkey_removed
    note(db, what, user_id=user_id, method=method, caller=caller, now=now, detail=name)
    change = Change.passkey_removed
    await tell_of_change(db, letters, user, change, caller=caller, now=now, detail=name)
    await passkey_removed(db, letters, user, caller=caller, now=now)
    return name


def proper_name(typed: str) -> str:
    """Single spaces, nothing that cannot be shown. Raises `InvalidInput` when it is too long."""
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if len(name) > LONGEST_NAME:
        raise InvalidInput({"name": f"A name may have {LONGEST_NAME} characters at most."})
    return name


async def _confirmed(db: AsyncSession, user_id: str) -> User:
    """Nobody hangs a way in on an account whose address they have not shown to be theirs."""
    user = await ways_in.locked(db, user_id)
    if user is None or not user.is_active or not user.is_verified:
        raise NotFound
    return user
