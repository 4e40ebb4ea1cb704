from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.events import SignedUp
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend_in_turn
from admit.accounts.models import Role
from admit.accounts.profile import newsletter
from admit.accounts.repository import Users
from admit.accounts.sign_up.forms import Newcomer
from admit.accounts.verification.service import Proposal, may_mail, open_verification
from admit.core.events import record
from admit.core.ids import new_id

SIGN_UPS_FROM_NETWORK = Limit("sign_up", allowed=100, period=timedelta(hours=1))
SIGN_UPS_EVERYWHERE = Limit("sign_up_everywhere", allowed=1000, period=timedelta(minutes=5))


@dataclass(frozen=True)
class HeldBack:
    """Refused for now, whoever it is; the same for known and unknown addresses."""

    wait: timedelta


@dataclass(frozen=True)
class SignedUpInBrowser:
    verification_token: str


async def hold_back(db: AsyncSession, *, caller: Caller, now: datetime) -> timedelta | None:
    """Asked before a password is hashed, which costs more than all the rest."""
    counted = ((SIGN_UPS_FROM_NETWORK, caller.network), (SIGN_UPS_EVERYWHERE, "all"))
    return await spend_in_turn(db, counted, now=now)


async def sign_up(
    db: AsyncSession,
    letters: Letters,
    newcomer: Newcomer,
    *,
    password_hash: str,
    next_path: str | None,
    plan: str | None,
    caller: Caller,
    now: datetime,
) -> SignedUpInBrowser | HeldBack:
    """The same answer for every address; the mail tells its owner which case it was.

    A confirmed account stays as it is. One that nobody confirmed yet may belong to whoever comes
    now: their names and password wait until they show that the mailbox is theirs.
    """
    key = newcomer.address.key
    wait = await may_mail(db, letters.vault, key, now=now)
    if wait is not None:
        return HeldBack(wait)
    is_new = await _add(db, newcomer, password_hash=password_hash, now=now)
    user = await Users(db).by_key(key)
    assert user is not None  # noqa: S101 - added just now, or there before
    if is_new and newcomer.newsletter:
        place = newsletter.Place.sign_up
        await newsletter.choose(db, user.id, wants=True, place=place, caller=caller, now=now)
    proposal = Proposal(newcomer.first_name, newcomer.last_name, password_hash, newcomer.newsletter)
    token = await open_verification(
        db,
        letters,
        user=None if user.is_verified else user,
        email=newcomer.address.email,
        email_key=key,
        proposal=None if is_new or user.is_verified else proposal,
        next_path=next_path,
        plan=plan,
        now=now,
    )
    outcome = Outcome.signed_up if is_new else Outcome.sign_up_of_known_address
    note(db, outcome, user_id=user.id, method=Method.password, caller=caller, now=now)
    return SignedUpInBrowser(token)


async def _add(db: AsyncSession, newcomer: Newcomer, *, password_hash: str, now: datetime) -> bool:
    user_id = new_id("usr")
    added = await Users(db).add(
        {
            "id": user_id,
            "email": newcomer.address.email,
            "email_key": newcomer.address.key,
            "first_name": newcomer.first_name,
            "last_name": newcomer.last_name,
            "password_hash": password_hash,
            "role": Role.member,
            "is_active": True,
            "created_at": now,
        }
    )
    if added:
        event = SignedUp(user_id=user_id)
        await record(db, event, now=now, key=f"signed_up:{user_id}", subject=user_id)
    return added
