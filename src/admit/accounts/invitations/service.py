"""Inviting an address to a role, and the answer of whoever it belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.address import Address
from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.invitations.models import Answer, Invitation
from admit.accounts.invitations.repository import Invitations
from admit.accounts.letters import Letters
from admit.accounts.limits.service import Limit, spend, whole_seconds
from admit.accounts.models import Role, User
from admit.accounts.people.errors import RoleTooHigh, TooManyInvitations
from admit.accounts.people.roles import change_role
from admit.accounts.person import Person
from admit.accounts.repository import Users
from admit.core.crypto import hash_token, new_token
from admit.core.errors import InvalidInput
from admit.core.ids import new_id

LIFE = timedelta(days=7)
BY_ONE_OF_STAFF = Limit("invitation", allowed=50, period=timedelta(days=1))


@dataclass(frozen=True)
class Offer:
    """An invitation that waits for its answer, as its owner sees it."""

    id: str
    role: Role
    invited_by: str | None
    ends_at: datetime


async def invite(
    db: AsyncSession,
    letters: Letters,
    *,
    address: Address,
    role: Role,
    by: Person,
    caller: Caller,
    now: datetime,
) -> None:
    """A mail is on its way; an earlier invitation of the address is taken back.

    Raises `RoleTooHigh`, `TooManyInvitations`, and `InvalidInput` for who has the role already.
    """
    if not by.role.covers(role):
        raise RoleTooHigh
    wait = await spend(db, BY_ONE_OF_STAFF, by.id, now=now)
    if wait is not None:
        raise TooManyInvitations(retry_after=whole_seconds(wait))
    user = await Users(db).by_key(address.key)
    if user is not None and user.is_verified and Role(user.role).covers(role):
        raise InvalidInput({"email": "That person has this role already, or a higher one."})
    token = new_token()
    await Invitations(db).withdraw_open(address.key, now=now)
    added = await Invitations(db).add(
        {
            "id": new_id("inv"),
            "email": address.email,
            "email_key": address.key,
            "role": role,
            "invited_by": by.id,
            "token_hash": hash_token(token),
            "created_at": now,
            "ends_at": now + LIFE,
        }
    )
    if not added:
        raise InvalidInput({"email": "Somebody else has just invited that address."})
    _note(db, Outcome.invitation_sent, user, role, by=by, caller=caller, now=now)
    is_registered = user is not None and user.is_verified
    await _mail(db, letters, address, role, by, token=None if is_registered else token, now=now)


async def withdraw(
    db: AsyncSession, invitation_id: str, *, by: Person, caller: Caller, now: datetime
) -> bool:
    """False when it was answered before, or is none. Raises `RoleTooHigh`."""
    invitation = await Invitations(db).by_id(invitation_id)
    if invitation is None:
        return False
    role = Role(invitation.role)
    if not by.role.covers(role):
        raise RoleTooHigh
    if not await Invitations(db).answer(invitation_id, Answer.withdrawn, user_id=None, now=now):
        return False
    user = await Users(db).by_key(invitation.email_key)
    _note(db, Outcome.invitation_withdrawn, user, role, by=by, caller=caller, now=now)
    return True


async def offer_of(db: AsyncSession, user_id: str, *, now: datetime) -> Offer | None:
    """What waits for the answer of this person, whose address must be confirmed."""
    user = await Users(db).by_id(user_id)
    if user is None or not user.is_verified:
        return None
    invitation = await Invitations(db).open_for(user.email_key, now=now)
    if invitation is None or not await _still_stands(db, invitation):
        return None
    inviter = await Users(db).by_id(invitation.invited_by or "")
    return Offer(
        id=invitation.id,
        role=Role(invitation.role),
        invited_by=f"{inviter.first_name} {inviter.last_name}" if inviter else None,
        ends_at=invitation.ends_at,
    )


async def answer_offer(
    db: AsyncSession,
    user_id: str,
    invitation_id: str,
    answer: Answer,
    *,
    caller: Caller,
    now: datetime,
) -> Role | None:
    """The role it was about; None when this person has no such invitation (any more)."""
    offer = await offer_of(db, user_id, now=now)
    if offer is None or offer.id != invitation_id:
        return None
    if not await Invitations(db).answer(invitation_id, answer, user_id=user_id, now=now):
        return None
    user = await Users(db).fresh(user_id)
    await _take_effect(db, user, offer.role, answer, caller=caller, now=now)
    return offer.role


async def invitation_of_link(db: AsyncSession, token: str, *, now: datetime) -> Invitation | None:
    """Changes nothing: mail scanners open links too. None once it is answered or over."""
    invitation = await Invitations(db).by_token(hash_token(token))
    if invitation is None or invitation.answered_at is not None or invitation.ends_at <= now:
        return None
    return invitation if await _still_stands(db, invitation) else None


async def take_up(db: AsyncSession, token: str, *, now: datetime) -> Invitation | None:
    """Whoever got the mail wants it: it is accepted once they have confirmed the address."""
    invitation = await invitation_of_link(db, token, now=now)
    if invitation is not None:
        await Invitations(db).take_up(invitation.id, now=now)
    return invitation


async def accept_taken_up(db: AsyncSession, user: User, *, caller: Caller, now: datetime) -> None:
    """For the moment in which an address is confirmed, in its transaction."""
    invitation = await Invitations(db).open_for(user.email_key, now=now)
    if invitation is not None and invitation.taken_up_at is not None:
        accepted = Answer.accepted
        await answer_offer(db, user.id, invitation.id, accepted, caller=caller, now=now)


async def is_registered(db: AsyncSession, invitation: Invitation) -> bool:
    user = await Users(db).by_key(invitation.email_key)
    return user is not None and user.is_verified


async def _still_stands(db: AsyncSession, invitation: Invitation) -> bool:
    """Nobody can give what they no longer have: also not by a mail from before."""
    inviter = await Users(db).by_id(invitation.invited_by or "")
    if inviter is None or not inviter.is_active:
        return False
    return Role(inviter.role).covers(Role(invitation.role)) and inviter.role != Role.member


async def _take_effect(
    db: AsyncSession, user: User, role: Role, answer: Answer, *, caller: Caller, now: datetime
) -> None:
    accepted = answer is Answer.accepted
    what = Outcome.invitation_accepted if accepted else Outcome.invitation_declined
    method = Method.invitation
    note(db, what, user_id=user.id, method=method, caller=caller, now=now, detail=role)
    if accepted and not Role(user.role).covers(role):
        await change_role(db, user, role, method=method, caller=caller, now=now)


def _note(
    db: AsyncSession,
    what: Outcome,
    user: User | None,
    role: Role,
    *,
    by: Person,
    caller: Caller,
    now: datetime,
) -> None:
    user_id = user.id if user else None
    note(
        db,
        what,
        user_id=user_id,
        method=Method.staff,
        # Where staff sat is their own business; the row names who it was.
        caller=Caller(ip="", user_agent="") if user_id else caller,
        now=now,
        detail=role,
        actor_id=by.id,
    )


async def _mail(
    db: AsyncSession,
    letters: Letters,
    address: Address,
    role: Role,
    by: Person,
    *,
    token: str | None,
    now: datetime,
) -> None:
    """With a link of its own for who has no account yet."""
    path = f"/invitations/{token}" if token else "/account/invitations"
    context = {
        "invited_by": by.name,
        "role": role,
        "link": f"{letters.site_url}{path}",
        "is_registered": token is None,
        "days": LIFE.days,
    }
    subject = f"{by.name} invites you to {letters.site_name}"
    await letters.send(db, "invitation", address.email, subject, context, now=now)
