from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.invitations.models import Invitation
from admit.accounts.invitations.repository import Invitations
from admit.accounts.repository import Users

NEWEST = 100


@dataclass(frozen=True)
class Sent:
    """An invitation, as staff see it."""

    id: str
    email: str
    role: str
    state: str
    """"open", "expired", "accepted", "declined" or "withdrawn"."""
    invited_by: str | None
    created_at: datetime


async def sent_invitations(db: AsyncSession, *, now: datetime) -> list[Sent]:
    """Newest first."""
    invitations = await Invitations(db).newest(NEWEST)
    names = await Users(db).names_of({each.invited_by for each in invitations if each.invited_by})
    return [
        Sent(
            id=each.id,
            email=each.email,
            role=each.role,
            state=_state(each, now=now),
            invited_by=names.get(each.invited_by or ""),
            created_at=each.created_at,
        )
        for each in invitations
    ]


def _state(invitation: Invitation, *, now: datetime) -> str:
    if invitation.answer:
        return invitation.answer
    return "open" if invitation.ends_at > now else "expired"
