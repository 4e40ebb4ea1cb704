"""Leaving the newsletter: one click in a mail program, or two on a page; never by looking."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller
from admit.accounts.profile.newsletter import Place, choose, user_of_link
from admit.accounts.verification.pages import hides_address
from admit.core.db import Db
from admit.core.errors import Gone
from admit.core.http.answers import page
from admit.core.http.state import AppClock, AppVault

router = APIRouter(include_in_schema=False)


@router.get("/newsletter/unsubscribe/{token}")
async def show_unsubscribe(request: Request, token: str, vault: AppVault) -> Response:
    if user_of_link(vault, token) is None:
        raise Gone
    return unsubscribe_page(request, token, is_done=False)


@router.post("/newsletter/unsubscribe/{token}")
async def submit_unsubscribe(
    request: Request, token: str, *, db: Db, clock: AppClock, vault: AppVault, caller: AppCaller
) -> Response:
    user_id = user_of_link(vault, token)
    if user_id is None:
        raise Gone
    await choose(db, user_id, wants=False, place=Place.link, caller=caller, now=clock.wall())
    return unsubscribe_page(request, token, is_done=True)


def unsubscribe_page(request: Request, token: str, *, is_done: bool) -> Response:
    context = {"token": token, "is_done": is_done}
    return hides_address(page(request, "accounts/unsubscribe.html", context))
