from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes
from admit.accounts.mfa.repository import StrongFactors
from admit.accounts.mfa.second_factor import NotProved, TooOften, enter_second_factor
from admit.accounts.sessions.cookies import SIGN_IN, browser_of
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.steps import Refused, paused
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.clock import Clock
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.cookies import jar_of
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)
TOO_OFTEN = "There were too many tries."


class SecondFactorForm(BaseModel):
    """One of the two is filled in."""

    code: str = ""
    recovery_code: str = ""


@router.get("/sign-in/2fa")
async def show_second_factor(request: Request, db: ReadDb, clock: AppClock) -> Response:
    return await second_factor_page(request, db, clock)


@router.post("/sign-in/2fa")
async def submit_second_factor(
    request: Request,
    *,
    form: Annotated[SecondFactorForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    browser, now = browser_of(request, caller), clock.wall()
    outcome = await enter_second_factor(
        db,
        letters,
        browser.sign_in_token,
        form.code or form.recovery_code,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
    )
    match outcome:
        case TooOften(wait):
            errors = {"form": try_again_in(wait, why=TOO_OFTEN)}
            held = await second_factor_page(request, db, clock, errors=errors, status=429)
            return asks_for_patience(held, wait)
        case NotProved() | Refused():
            field = "code" if form.code or not form.recovery_code else "recovery_code"
            wrong = outcome if isinstance(outcome, NotProved) else NotProved.over
            errors = {field: wrong.value}
            return await second_factor_page(request, db, clock, errors=errors, status=422)
        case welcome:
            return lead_on(request, welcome, next_path=welcome.next_path, lifetimes=lifetimes)


async def second_factor_page(
    request: Request,
    db: AsyncSession,
    clock: Clock,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    token = jar_of(request).read(request, SIGN_IN)
    attempt = await paused(db, token, now=clock.wall())
    if attempt is None:
        return go_to(request, "/sign-in", say=NotProved.over.value, kind="info")
    factors = StrongFactors(db)
    context = {
        "has_app": await factors.has_app(attempt.user_id),
        "has_passkey": await factors.has_passkey(attempt.user_id),
        "errors": errors or {},
    }
    return page(request, "accounts/second_factor.html", context, status=status)
