"""What the sign-up knows of the invitation that led there: a token, for an hour."""

from datetime import datetime

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.invitations.models import Invitation
from admit.accounts.invitations.service import invitation_of_link
from admit.core.http.cookies import jar_of

INVITATION = "invitation"
AN_HOUR = 3600


def keep_invitation(request: Request, response: Response, token: str) -> None:
    jar_of(request).write(response, INVITATION, token, max_age=AN_HOUR)


def is_invited(request: Request) -> bool:
    return jar_of(request).read(request, INVITATION) is not None


async def invitation_of(request: Request, db: AsyncSession, *, now: datetime) -> Invitation | None:
    token = jar_of(request).read(request, INVITATION)
    return await invitation_of_link(db, token, now=now) if token else None


def forget_invitation(request: Request, response: Response) -> None:
    if is_invited(request):
        jar_of(request).clear(response, INVITATION)
