from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved
from admit.accounts.email.forms import EmailForm
from admit.accounts.email.models import EmailChange
from admit.accounts.email.service import HeldBack, ask_for_change, pending_change, stop_change
from admit.accounts.repository import Users
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)

ADDRESS = "/account/email"
STOPPED = "Your address stays as it is. The link in the mail no longer works."


@router.get(ADDRESS)
async def show_email(
    request: Request, person: RecentlyProved, db: ReadDb, clock: AppClock
) -> Response:
    pending = await pending_change(db, person.id, now=clock.wall())
    return email_page(request, EmailForm(), pending)


@router.post(ADDRESS)
async def submit_email(
    request: Request,
    *,
    person: RecentlyProved,
    form: Annotated[EmailForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    now = clock.wall()
    user = await Users(db).fresh(person.id)
    pending = await pending_change(db, person.id, now=now)
    try:
        address = form.checked(user)
    except InvalidInput as wrong:
        return email_page(request, form, pending, errors=wrong.errors, status=422)
    held = await ask_for_change(db, letters, user, address, caller=caller, now=now)
    if isinstance(held, HeldBack):
        sentence = {"form": try_again_in(held.wait, why="This was tried too often.")}
        response = email_page(request, form, pending, errors=sentence, status=429)
        return asks_for_patience(response, held.wait)
    return go_to(request, ADDRESS)


@router.post("/account/email/stop")
async def submit_stop(
    request: Request, person: RecentlyProved, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    await stop_change(db, person.id, caller=caller, now=clock.wall())
    return go_to(request, ADDRESS, say=STOPPED, kind="info")


def email_page(
    request: Request,
    form: EmailForm,
    pending: EmailChange | None,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {"form": {"email": form.email}, "errors": errors or {}, "pending": pending}
    return page(request, "accounts/email.html", context, status=status)
