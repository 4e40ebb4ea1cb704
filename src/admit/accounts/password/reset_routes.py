from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, AppPasswords
from admit.accounts.password.deps import AppBreaches
from admit.accounts.password.forms import (
    ForgottenForm,
    NewPasswordForm,
    about_user,
    problem_with_new,
)
from admit.accounts.password.reset import (
    HeldBack,
    ask_for_reset,
    owner_of_link,
    set_new_password,
)
from admit.accounts.sessions.cookies import browser_of
from admit.accounts.verification.pages import hides_address
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts, settings_of

router = APIRouter(include_in_schema=False)

SENT = "/password/reset/sent"
DONE = "Your new password is set, and you are signed out everywhere. Sign in with it."


@router.get("/password/reset")
async def show_forgotten(request: Request) -> Response:
    return forgotten_page(request, ForgottenForm())


@router.post("/password/reset")
async def submit_forgotten(
    request: Request,
    *,
    form: Annotated[ForgottenForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    try:
        address = form.checked()
    except InvalidInput as wrong:
        return forgotten_page(request, form, errors=wrong.errors, status=422)
    browser = browser_of(request, caller)
    held = await ask_for_reset(db, letters, address, browser=browser, now=clock.wall())
    if isinstance(held, HeldBack):
        why = "Many mails went out already; the link in each of them works for a day."
        sentence = {"form": try_again_in(held.wait, why=why)}
        response = forgotten_page(request, form, errors=sentence, status=429)
        return asks_for_patience(response, held.wait)
    return go_to(request, SENT)


@router.get(SENT)
async def show_sent(request: Request) -> Response:
    return page(request, "accounts/password_sent.html")


@router.get("/password/new/{token}")
async def show_new_password(request: Request, token: str, db: ReadDb, clock: AppClock) -> Response:
    owner = await owner_of_link(db, token, now=clock.wall())
    return new_password_page(request, token, email=owner.email) if owner else dead_link(request)


@router.post("/password/new/{token}")
async def submit_new_password(
    request: Request,
    token: str,
    *,
    form: Annotated[NewPasswordForm, Form()],
    parts: AppParts,
    passwords: AppPasswords,
    breaches: AppBreaches,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    now = parts.clock.wall()
    async with parts.database.read() as db:
        owner = await owner_of_link(db, token, now=now)
    if owner is None:
        return dead_link(request)
    errors = await problem_with_new(
        form.password,
        about_user(owner, parts.settings),
        settings=parts.settings,
        breaches=breaches,
    )
    if errors:
        return new_password_page(request, token, email=owner.email, errors=errors, status=422)
    password_hash, browser = await passwords.hash(form.password), browser_of(request, caller)
    async with parts.database.write() as db:
        user = await set_new_password(
            db, letters, token, password_hash=password_hash, browser=browser, now=now
        )
    return hides_address(go_to(request, "/sign-in", say=DONE)) if user else dead_link(request)


def forgotten_page(
    request: Request,
    form: ForgottenForm,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {"form": {"email": form.email}, "errors": errors or {}}
    return page(request, "accounts/password_reset.html", context, status=status)


def new_password_page(
    request: Request,
    token: str,
    *,
    email: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "token": token,
        "email": email,
        "errors": errors or {},
        "password_min": settings_of(request).password_min_length,
    }
    return hides_address(page(request, "accounts/password_new.html", context, status=status))


def dead_link(request: Request) -> Response:
    return hides_address(page(request, "accounts/password_link_dead.html", status=410))
