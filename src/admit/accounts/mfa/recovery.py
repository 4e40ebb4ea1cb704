"""Recovery codes: ten at a time, shown once, in force once their owner typed one of them back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.letters import Letters
from admit.accounts.mfa.repository import RecoveryCodes
from admit.accounts.mfa.words import as_shown, as_typed, new_codes
from admit.accounts.models import User
from admit.accounts.notices import Change, tell_of_change
from admit.accounts.ways_in import locked
from admit.core.crypto import Vault
from admit.core.ids import new_id

PURPOSE = "recovery code"


async def make_codes(
    db: AsyncSession, vault: Vault, user_id: str, *, now: datetime
) -> tuple[str, ...]:
    """The new set, as it is shown this one time. The set in force stays so until `confirm`."""
    await locked(db, user_id)
    codes = new_codes()
    kept = [(new_id("rec"), _fingerprint(vault, user_id, code)) for code in codes]
    await RecoveryCodes(db).replace_unconfirmed(user_id, kept, now=now)
    return tuple(as_shown(code) for code in codes)


async def confirm(
    db: AsyncSession, letters: Letters, user: User, typed: str, *, caller: Caller, now: datetime
) -> bool:
    """One of the new set was typed: it is in force, whole, and the set before it is gone.

    One at a time: a second click must not take the new set for the one before.
    """
    await locked(db, user.id)
    fingerprint = _fingerprint(letters.vault, user.id, as_typed(typed))
    if not await RecoveryCodes(db).confirm(user.id, fingerprint, now=now):
        return False
    made = Outcome.recovery_codes_made
    note(db, made, user_id=user.id, method=Method.session, caller=caller, now=now)
    if user.has_two_factor:
        await tell_of_change(db, letters, user, Change.recovery_codes_made, caller=caller, now=now)
    return True


async def use(db: AsyncSession, vault: Vault, user_id: str, typed: str, *, now: datetime) -> bool:
    """True for the one use of a code that is in force."""
    made_with_any_key = vault.fingerprints(f"{user_id}:{as_typed(typed)}", purpose=PURPOSE)
    return await RecoveryCodes(db).use(user_id, made_with_any_key, now=now)


def _fingerprint(vault: Vault, user_id: str, code: str) -> str:
    return vault.fingerprint(f"{user_id}:{code}", purpose=PURPOSE)
