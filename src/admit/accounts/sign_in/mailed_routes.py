"""Signing in by a mail: the code in the browser that asked, or the link after a click."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.address import address
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, Visitor
from admit.accounts.destination import after_sign_in, own_path
from admit.accounts.sessions.cookies import (
    MAILED_CODE,
    browser_of,
    keep_mailed_code,
)
from admit.accounts.sign_in import by_mail
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.mailed import (
    CodeRefused,
    Purpose,
    TooManyMails,
    look_at_link,
    waiting,
)
from admit.accounts.sign_in.mailed_pages import (
    SENT,
    ask_page,
    asked_too_often,
    code_page,
    link_page,
    wait_sentence,
)
from admit.accounts.sign_in.steps import Refused
from admit.accounts.verification.pages import hides_address
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to
from admit.core.http.cookies import jar_of
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)
NO_ADDRESS = "Enter an e-mail address like name@example.com."
TOO_OFTEN = "There were too many tries."
OVER = "Ask for a new mail to sign in."


class AskForm(BaseModel):
    email: str = ""
    next: str = ""


class CodeForm(BaseModel):
    code: str = ""


@router.get("/sign-in/code")
async def show_sign_in_code(
    request: Request,
    *,
    db: ReadDb,
    clock: AppClock,
    person: Visitor,
    next: str = "",  # noqa: A002 - the name in the address
    other: bool = False,
) -> Response:
    if person is not None:
        return go_to(request, after_sign_in(next))
    token = jar_of(request).read(request, MAILED_CODE)
    shown = await waiting(db, token, purpose=Purpose.sign_in, now=clock.wall())
    if shown is None or other:
        return ask_page(request, next_path=next)
    return code_page(request, shown)


@router.post("/sign-in/code")
async def ask_for_code(
    request: Request,
    *,
    form: Annotated[AskForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    found = address(form.email)
    if found is None:
        errors = {"email": NO_ADDRESS}
        return ask_page(request, email=form.email, next_path=form.next, errors=errors, status=422)
    asked = await by_mail.ask_to_sign_in(
        db,
        letters,
        found,
        browser=browser_of(request, caller),
        next_path=own_path(form.next),
        now=clock.wall(),
    )
    if isinstance(asked, TooManyMails):
        errors = {"form": wait_sentence(asked)}
        held = ask_page(request, email=form.email, next_path=form.next, errors=errors, status=429)
        return asks_for_patience(held, asked.wait)
    response = go_to(request, "/sign-in/code")
    keep_mailed_code(request, response, asked)
    return response


@router.post("/sign-in/code/enter")
async def enter_code(
    request: Request,
    *,
    form: Annotated[CodeForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    token, now = jar_of(request).read(request, MAILED_CODE), clock.wall()
    outcome = await by_mail.enter_code(
        db,
        letters,
        token,
        form.code,
        browser=browser_of(request, caller),
        lifetimes=lifetimes,
        now=now,
    )
    if isinstance(outcome, CodeRefused | Refused | by_mail.TooOften):
        return await _not_in(request, db, token, outcome)
    response = lead_on(request, outcome, next_path=outcome.next_path, lifetimes=lifetimes)
    jar_of(request).clear(response, MAILED_CODE)
    return response


@router.post("/sign-in/code/again")
async def ask_again(
    request: Request, *, db: Db, clock: AppClock, letters: AppLetters, caller: AppCaller
) -> Response:
    token, now = jar_of(request).read(request, MAILED_CODE), clock.wall()
    shown = await waiting(db, token, purpose=Purpose.sign_in, now=now)
    if shown is None:
        return go_to(request, "/sign-in/code", say=OVER, kind="info")
    browser = browser_of(request, caller)
    held = await by_mail.ask_again(db, letters, token, browser=browser, now=now)
    if held is not None:
        return asked_too_often(request, shown, held)
    return go_to(request, "/sign-in/code", say=SENT, kind="info")


@router.get("/sign-in/link/{token}")
async def show_link(request: Request, token: str, db: ReadDb, clock: AppClock) -> Response:
    return link_page(request, token, await look_at_link(db, token, now=clock.wall()))


@router.post("/sign-in/link/{token}")
async def submit_link(
    request: Request,
    token: str,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    browser = browser_of(request, caller)
    outcome = await by_mail.follow_link(
        db, letters, token, browser=browser, lifetimes=lifetimes, now=clock.wall()
    )
    if isinstance(outcome, Refused):
        return link_page(request, token, None)
    response = lead_on(request, outcome, next_path=outcome.next_path, lifetimes=lifetimes)
    jar_of(request).clear(response, MAILED_CODE)
    return hides_address(response)


async def _not_in(
    request: Request,
    db: AsyncSession,
    token: str | None,
    outcome: "CodeRefused | Refused | by_mail.TooOften",
) -> Response:
    now = request.app.state.parts.clock.wall()
    shown = await waiting(db, token, purpose=Purpose.sign_in, now=now)
    if shown is None:
        return go_to(request, "/sign-in/code", say=OVER, kind="info")
    if isinstance(outcome, by_mail.TooOften):
        errors = {"form": try_again_in(outcome.wait, why=TOO_OFTEN)}
        return asks_for_patience(code_page(request, shown, errors=errors, status=429), outcome.wait)
    sentence = (outcome if isinstance(outcome, CodeRefused) else CodeRefused.wrong).value
    return code_page(request, shown, errors={"code": sentence}, status=422)
