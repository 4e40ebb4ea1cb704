from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.audit.service import Method
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, Visitor
from admit.accounts.destination import after_sign_in
from admit.accounts.letters import Letters
from admit.accounts.person import Person
from admit.accounts.service import find_user
from admit.accounts.sessions.cookies import (
    VERIFICATION,
    browser_of,
    keep_waiting,
)
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.steps import Refused, proceed
from admit.accounts.verification.confirmation import NotConfirmed, enter_code
from admit.accounts.verification.pages import (
    CONFIRMED_ELSEWHERE,
    WELCOME,
    not_sent_page,
    nothing_to_confirm,
    sent_page,
    shown_to,
    verify_page,
)
from admit.accounts.verification.service import resend, verification_for, waiting
from admit.core.db import Db, ReadDb
from admit.core.errors import SignInNeeded
from admit.core.http.answers import go_to
from admit.core.http.cookies import jar_of
from admit.core.http.state import AppClock, AppVault

router = APIRouter(include_in_schema=False)


class CodeForm(BaseModel):
    code: str = ""


@router.get("/verify")
async def show_verify(request: Request, db: ReadDb, clock: AppClock, person: Visitor) -> Response:
    shown = await waiting(db, token_of(request), now=clock.wall())
    elsewhere = nothing_to_confirm(request, shown, person)
    return elsewhere or verify_page(request, shown_to(shown, person))


@router.post("/verify")
async def submit_code(
    request: Request,
    *,
    form: Annotated[CodeForm, Form()],
    db: Db,
    clock: AppClock,
    vault: AppVault,
    letters: AppLetters,
    caller: AppCaller,
    person: Visitor,
    lifetimes: AppLifetimes,
) -> Response:
    token, now = token_of(request), clock.wall()
    outcome = await enter_code(db, vault, token, form.code, caller=caller, now=now)
    if isinstance(outcome, NotConfirmed):
        shown = await waiting(db, token, now=now)
        elsewhere = nothing_to_confirm(request, shown, person)
        errors = {"code": outcome.value}
        return elsewhere or verify_page(request, shown_to(shown, person), errors=errors, status=422)
    leads_to = after_sign_in(outcome.next_path, outcome.plan)
    entered = await proceed(
        db,
        letters,
        outcome.user,
        method=Method.code,
        next_path=leads_to,
        browser=browser_of(request, caller),
        lifetimes=lifetimes,
        now=now,
    )
    if isinstance(entered, Refused):
        return go_to(request, "/sign-in", say=CONFIRMED_ELSEWHERE)
    return lead_on(request, entered, next_path=leads_to, lifetimes=lifetimes, say=WELCOME)


@router.post("/verify/resend")
async def ask_for_another_mail(
    request: Request, db: Db, clock: AppClock, letters: AppLetters, person: Visitor
) -> Response:
    token, now = token_of(request), clock.wall()
    shown = await waiting(db, token, now=now)
    if elsewhere := nothing_to_confirm(request, shown, person):
        return elsewhere
    if shown is not None and token is not None:
        wait = await resend(db, letters, token, now=now)
    else:
        token, wait = await ask_here(db, letters, person, now=now)
    shown = await waiting(db, token, now=now)
    if wait is not None:
        return not_sent_page(request, shown_to(shown, person), wait)
    response = sent_page(request, shown_to(shown, person))
    if token is not None:
        keep_waiting(request, response, token)
    return response


async def ask_here(
    db: AsyncSession, letters: Letters, person: Person | None, *, now: datetime
) -> tuple[str | None, timedelta | None]:
    """Somebody signed in, in a browser that has not asked for a mail itself."""
    user = await find_user(db, person.id) if person else None
    if user is None:
        raise SignInNeeded(back_to="/verify")
    opened = await verification_for(db, letters, user, token=None, next_path=None, now=now)
    return (opened, None) if isinstance(opened, str) else (None, opened)


def token_of(request: Request) -> str | None:
    return jar_of(request).read(request, VERIFICATION)
