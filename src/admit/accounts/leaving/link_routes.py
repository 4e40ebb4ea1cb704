from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters
from admit.accounts.leaving.models import Departure
from admit.accounts.leaving.service import come_back, departure_of_link
from admit.accounts.verification.pages import hides_address
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)

BACK = "Good to have you back. Sign in as always."


@router.get("/reopen/{token}")
async def show_reopening(request: Request, token: str, db: ReadDb) -> Response:
    return reopening_page(request, token, await departure_of_link(db, token))


@router.post("/reopen/{token}")
async def submit_reopening(
    request: Request,
    token: str,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    user = await come_back(db, letters, token, caller=caller, now=clock.wall())
    if user is None:
        return reopening_page(request, token, None)
    return hides_address(go_to(request, "/sign-in", say=BACK))


def reopening_page(request: Request, token: str, departure: Departure | None) -> Response:
    context = {"token": token, "erase_at": departure.erase_at if departure else None}
    template = "accounts/reopen.html" if departure else "accounts/reopen_dead.html"
    return hides_address(page(request, template, context, status=200 if departure else 410))
