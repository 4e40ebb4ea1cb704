"""The pages behind the links of the mails; only their buttons change anything."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, Visitor
from admit.accounts.email.models import EmailChange
from admit.accounts.email.service import (
    NotChanged,
    change_of_link,
    change_to_undo,
    confirm_change,
    undo_change,
)
from admit.accounts.person import Person
from admit.accounts.verification.pages import hides_address
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)

CHANGED = "This is your address from now on."
UNDONE = "The account has this address again. Choose a new password."
CLOSED = "The account has this address again. It is closed; a mail says how to open it."
STATUS = {"dead": 410, "taken": 409}


@router.get("/email/confirm/{token}")
async def show_confirmation(
    request: Request, token: str, db: ReadDb, clock: AppClock, person: Visitor
) -> Response:
    change = await change_of_link(db, token, now=clock.wall())
    return confirm_page(request, state_of(change, person), token, change)


@router.post("/email/confirm/{token}")
async def submit_confirmation(
    request: Request,
    token: str,
    *,
    db: Db,
    clock: AppClock,
    person: Visitor,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    now = clock.wall()
    change = await change_of_link(db, token, now=now)
    state = state_of(change, person)
    if person is None or state != "ready":
        return confirm_page(request, state, token, change)
    outcome = await confirm_change(db, letters, token, user_id=person.id, caller=caller, now=now)
    if outcome is NotChanged.taken:
        return confirm_page(request, "taken", token, change)
    if outcome is NotChanged.link_is_dead:
        return confirm_page(request, "dead", token, None)
    return hides_address(go_to(request, "/account/email", say=CHANGED))


@router.get("/email/undo/{token}")
async def show_undo(request: Request, token: str, db: ReadDb, clock: AppClock) -> Response:
    change = await change_to_undo(db, token, now=clock.wall())
    return undo_page(request, "ready" if change else "dead", token, change)


@router.post("/email/undo/{token}")
async def submit_undo(
    request: Request,
    token: str,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    outcome = await undo_change(db, letters, token, caller=caller, now=clock.wall())
    match outcome:
        case NotChanged.taken:
            return undo_page(request, "taken", token, None)
        case NotChanged.link_is_dead:
            return undo_page(request, "dead", token, None)
        case _ if outcome.reset_token is None:
            return hides_address(go_to(request, "/sign-in", say=CLOSED, kind="info"))
        case _:
            leads_to = f"/password/new/{outcome.reset_token}"
            return hides_address(go_to(request, leads_to, say=UNDONE))


def state_of(change: EmailChange | None, person: Person | None) -> str:
    if change is None:
        return "dead"
    if person is None:
        return "signed_out"
    return "ready" if person.id == change.user_id else "somebody_else"


def confirm_page(request: Request, state: str, token: str, change: EmailChange | None) -> Response:
    context = {"state": state, "token": token, "new_email": change.new_email if change else None}
    status = STATUS.get(state, 200)
    return hides_address(page(request, "accounts/email_confirm.html", context, status=status))


def undo_page(request: Request, state: str, token: str, change: EmailChange | None) -> Response:
    context = {"state": state, "token": token, "old_email": change.old_email if change else None}
    status = STATUS.get(state, 200)
    return hides_address(page(request, "accounts/email_undo.html", context, status=status))
