from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import (
    AppCaller,
    AppLetters,
    AppLifetimes,
    AppPasswords,
    RecentlyProved,
    Visitor,
)
from admit.accounts.password.change import Changed, HeldBack, Wrong, change_password
from admit.accounts.password.deps import AppBreaches
from admit.accounts.password.feedback import feedback_on
from admit.accounts.password.forms import ChangeForm, TypedForm, about_user, problem_with_new
from admit.accounts.password.rules import About
from admit.accounts.repository import Users
from admit.accounts.sessions.cookies import browser_of, renew_session
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppParts, AppSettings, settings_of

router = APIRouter(include_in_schema=False)

SECURITY = "/account/security"
DONE = "Your password is changed. Every other browser and app was signed out."
NOT_RIGHT = "That is not your current password. Check it and try again."


@router.get("/account/security/password")
async def show_change(request: Request, person: RecentlyProved, db: ReadDb) -> Response:
    user = await Users(db).fresh(person.id)
    return change_page(request, has_password=user.password_hash is not None)


@router.post("/account/security/password")
async def submit_change(
    request: Request,
    *,
    person: RecentlyProved,
    form: Annotated[ChangeForm, Form()],
    parts: AppParts,
    passwords: AppPasswords,
    breaches: AppBreaches,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    async with parts.database.read() as db:
        user = await Users(db).fresh(person.id)
    has_password = user.password_hash is not None
    errors = form.problem_with_current() if has_password else {}
    errors |= await problem_with_new(
        form.password,
        about_user(user, parts.settings),
        settings=parts.settings,
        breaches=breaches,
    )
    if errors:
        return change_page(request, has_password=has_password, errors=errors, status=422)
    outcome = await change_password(
        parts.database,
        passwords,
        letters,
        person,
        current=form.current_password,
        new=form.password,
        browser=browser_of(request, caller),
        now=parts.clock.wall(),
    )
    match outcome:
        case HeldBack(wait):
            sentence = {"form": try_again_in(wait, why="There were too many tries.")}
            held = change_page(request, has_password=has_password, errors=sentence, status=429)
            return asks_for_patience(held, wait)
        case Wrong():
            wrong = {"current_password": NOT_RIGHT}
            return change_page(request, has_password=has_password, errors=wrong, status=422)
        case Changed(session_token):
            response = go_to(request, SECURITY, say=DONE)
            if session_token:
                renew_session(request, response, session_token, lifetimes)
            return response


@router.post("/password/strength")
async def judge_password(
    request: Request,
    form: Annotated[TypedForm, Form()],
    settings: AppSettings,
    person: Visitor,
) -> Response:
    """Nothing of it is kept: neither counted, nor stored, nor in a log."""
    about = About(
        site_name=settings.admit_site_name,
        email=person.email if person else form.email,
        first_name=person.first_name if person else form.first_name,
        last_name=person.last_name if person else form.last_name,
    )
    feedback = feedback_on(form.password, about=about, shortest=settings.password_min_length)
    return page(request, "accounts/password_strength.html", {"strength": feedback})


def change_page(
    request: Request,
    *,
    has_password: bool,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "has_password": has_password,
        "errors": errors or {},
        "password_min": settings_of(request).password_min_length,
    }
    return page(request, "accounts/password_change.html", context, status=status)
