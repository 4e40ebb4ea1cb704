from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, AppPasswords, Visitor
from admit.accounts.destination import after_sign_in, own_path
from admit.accounts.oauth.registry import set_up
from admit.accounts.sessions.cookies import browser_of
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.forms import SignInForm
from admit.accounts.sign_in.service import HeldBack, sign_in
from admit.accounts.sign_in.steps import Refused
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppParts, settings_of

router = APIRouter()
NOT_RIGHT = "That address and password do not belong together. Check both and try again."
TOO_OFTEN = "There were too many tries."


@router.get("/sign-in", include_in_schema=False)
async def show_sign_in(request: Request, person: Visitor, next: str = "") -> Response:  # noqa: A002 - the name in the address
    if person is not None:
        return go_to(request, after_sign_in(next))
    return sign_in_page(request, SignInForm(next=next))


@router.post("/sign-in", include_in_schema=False)
async def submit_sign_in(
    request: Request,
    *,
    form: Annotated[SignInForm, Form()],
    parts: AppParts,
    passwords: AppPasswords,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    try:
        address = form.checked()
    except InvalidInput as wrong:
        return sign_in_page(request, form, errors=wrong.errors, status=422)
    outcome = await sign_in(
        parts.database,
        passwords,
        letters,
        address=address,
        password=form.password,
        next_path=own_path(form.next),
        browser=browser_of(request, caller),
        lifetimes=lifetimes,
        now=parts.clock.wall(),
    )
    match outcome:
        case HeldBack(wait):
            sentence = {"form": try_again_in(wait, why=TOO_OFTEN)}
            held = sign_in_page(request, form, errors=sentence, status=429)
            return asks_for_patience(held, wait)
        case Refused():
            return sign_in_page(request, form, errors={"form": NOT_RIGHT}, status=422)
        case entered_or_paused:
            return lead_on(
                request, entered_or_paused, next_path=own_path(form.next), lifetimes=lifetimes
            )


def sign_in_page(
    request: Request,
    form: SignInForm,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "form": form.shown_again(),
        "errors": errors or {},
        "next": own_path(form.next),
        "providers": set_up(settings_of(request)),
    }
    return page(request, "accounts/sign_in.html", context, status=status)
