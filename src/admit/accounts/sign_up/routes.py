from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, AppPasswords, Visitor
from admit.accounts.destination import after_sign_in, own_path, pricing
from admit.accounts.invitations.cookies import forget_invitation, invitation_of, is_invited
from admit.accounts.oauth.registry import set_up
from admit.accounts.password.breaches import LEAKED
from admit.accounts.password.deps import AppBreaches
from admit.accounts.profile.newsletter import WORDING
from admit.accounts.sessions.cookies import keep_waiting
from admit.accounts.sign_up.forms import SignUpForm
from admit.accounts.sign_up.service import HeldBack, hold_back, sign_up
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts, settings_of

router = APIRouter()


@router.get("/sign-up", include_in_schema=False)
async def show_sign_up(
    request: Request,
    person: Visitor,
    next: str = "",  # noqa: A002 - the name in the address
    plan: str = "",
    *,
    db: ReadDb,
    clock: AppClock,
) -> Response:
    if person is not None:
        return go_to(request, after_sign_in(next, chosen_plan(plan)))
    invitation = await invitation_of(request, db, now=clock.wall())
    form = SignUpForm(next=next, plan=plan, email=invitation.email if invitation else "")
    return sign_up_page(request, form)


@router.post("/sign-up", include_in_schema=False)
async def submit_sign_up(
    request: Request,
    *,
    form: Annotated[SignUpForm, Form()],
    parts: AppParts,
    passwords: AppPasswords,
    breaches: AppBreaches,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    try:
        newcomer = form.checked(parts.settings)
    except InvalidInput as wrong:
        return sign_up_page(request, form, errors=wrong.errors, status=422)
    now = parts.clock.wall()
    async with parts.database.write() as db:
        wait = await hold_back(db, caller=caller, now=now)
    if wait is not None:
        return ask_for_patience(request, form, HeldBack(wait))
    if await breaches.holds(newcomer.password):
        return sign_up_page(request, form, errors={"password": LEAKED}, status=422)
    password_hash = await passwords.hash(newcomer.password)
    async with parts.database.write() as db:
        outcome = await sign_up(
            db,
            letters,
            newcomer,
            password_hash=password_hash,
            next_path=own_path(form.next),
            plan=chosen_plan(form.plan),
            caller=caller,
            now=now,
        )
    if isinstance(outcome, HeldBack):
        return ask_for_patience(request, form, outcome)
    response = go_to(request, "/verify")
    keep_waiting(request, response, outcome.verification_token)
    forget_invitation(request, response)
    return response


def sign_up_page(
    request: Request,
    form: SignUpForm,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    plan = chosen_plan(form.plan)
    context = {
        "form": form.shown_again(),
        "errors": errors or {},
        # Whoever turns to "Sign in" instead still finds the plan that they chose.
        "next": own_path(form.next) or pricing(plan),
        "plan": plan,
        "is_invited": is_invited(request),
        "newsletter_wording": WORDING,
        "providers": set_up(settings_of(request)),
        "password_min": settings_of(request).password_min_length,
    }
    return page(request, "accounts/sign_up.html", context, status=status)


def ask_for_patience(request: Request, form: SignUpForm, held: HeldBack) -> Response:
    sentence = try_again_in(held.wait, why="This was tried too often.")
    response = sign_up_page(request, form, errors={"form": sentence}, status=429)
    return asks_for_patience(response, held.wait)


def chosen_plan(raw: str) -> str | None:
    """The code of a price, as the pricing page wrote it; whether it is sold is asked there."""
    is_code = raw.isascii() and raw.isprintable() and len(raw) <= 100
    return raw if raw and is_code else None
