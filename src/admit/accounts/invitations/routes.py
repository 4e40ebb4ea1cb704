"""The invitation as the invited meet it: behind the link of a mail, and in their account."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, Verified, Visitor
from admit.accounts.invitations.cookies import keep_invitation
from admit.accounts.invitations.models import Answer, Invitation
from admit.accounts.invitations.service import (
    answer_offer,
    invitation_of_link,
    is_registered,
    offer_of,
    take_up,
)
from admit.accounts.person import Person
from admit.accounts.verification.pages import hides_address
from admit.core.db import Db, ReadDb
from admit.core.errors import NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)
INVITATIONS = "/account/invitations"


@router.get("/invitations/{token}")
async def show_invitation(
    request: Request, token: str, db: ReadDb, clock: AppClock, person: Visitor
) -> Response:
    invitation = await invitation_of_link(db, token, now=clock.wall())
    return invitation_page(request, token, invitation, person)


@router.post("/invitations/{token}")
async def submit_invitation(
    request: Request, token: str, db: Db, clock: AppClock, person: Visitor
) -> Response:
    invitation = await take_up(db, token, now=clock.wall())
    if invitation is None:
        return invitation_page(request, token, None, person)
    if person is not None or await is_registered(db, invitation):
        return hides_address(go_to(request, INVITATIONS))
    response = go_to(request, "/sign-up")
    keep_invitation(request, response, token)
    return hides_address(response)


@router.get(INVITATIONS)
async def show_offers(request: Request, db: ReadDb, clock: AppClock, person: Verified) -> Response:
    offer = await offer_of(db, person.id, now=clock.wall())
    return page(request, "accounts/invitations.html", {"offer": offer})


@router.post(f"{INVITATIONS}/{{invitation_id}}/accept")
async def submit_accept(
    request: Request,
    invitation_id: str,
    *,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    person: Verified,
) -> Response:
    now, accepted = clock.wall(), Answer.accepted
    role = await answer_offer(db, person.id, invitation_id, accepted, caller=caller, now=now)
    if role is None:
        raise NotFound
    return go_to(request, "/account", say=f"You accepted. Your role is {role} now.")


@router.post(f"{INVITATIONS}/{{invitation_id}}/decline")
async def submit_decline(
    request: Request,
    invitation_id: str,
    *,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    person: Verified,
) -> Response:
    now, declined = clock.wall(), Answer.declined
    role = await answer_offer(db, person.id, invitation_id, declined, caller=caller, now=now)
    if role is None:
        raise NotFound
    return go_to(request, "/account", say="You declined the invitation. Nothing has changed.")


def invitation_page(
    request: Request, token: str, invitation: Invitation | None, person: Person | None
) -> Response:
    context = {
        "token": token,
        "email": invitation.email if invitation else None,
        "role": invitation.role if invitation else None,
        "is_signed_in": person is not None,
    }
    status = 200 if invitation else 410
    return hides_address(page(request, "accounts/invitation.html", context, status=status))
