from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.audit.service import Method
from admit.accounts.deps import AppCaller, AppLifetimes, AppPasswords
from admit.accounts.destination import HOME
from admit.accounts.errors import EmailTaken
from admit.accounts.password.deps import AppBreaches
from admit.accounts.sessions.cookies import browser_of, hand_over
from admit.accounts.sessions.service import let_in
from admit.accounts.setup.service import LinkState, look_at_link, set_up
from admit.accounts.sign_up.forms import PersonFields
from admit.accounts.verification.pages import hides_address
from admit.core.db import ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts, settings_of

router = APIRouter(include_in_schema=False)


@router.get("/setup/{token}")
async def show_setup(request: Request, token: str, db: ReadDb, clock: AppClock) -> Response:
    state = await look_at_link(db, token, now=clock.wall())
    return setup_page(request, token, state, PersonFields())


@router.post("/setup/{token}")
async def submit_setup(
    request: Request,
    token: str,
    *,
    form: Annotated[PersonFields, Form()],
    parts: AppParts,
    passwords: AppPasswords,
    breaches: AppBreaches,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    now = parts.clock.wall()
    async with parts.database.read() as db:
        state = await look_at_link(db, token, now=now)
    if state is not LinkState.ready:
        return setup_page(request, token, state, form)
    try:
        newcomer = form.checked(parts.settings)
        await breaches.refuse(newcomer.password)
        password_hash = await passwords.hash(newcomer.password)
        async with parts.database.write() as db:
            admin = await set_up(
                db, token, newcomer, password_hash=password_hash, caller=caller, now=now
            )
            if admin is None:
                return setup_page(request, token, LinkState.used, form)
            entry = await let_in(
                db,
                admin,
                browser=browser_of(request, caller),
                methods=(Method.setup_link,),
                lifetimes=lifetimes,
                now=now,
            )
    except InvalidInput as wrong:
        return setup_page(request, token, state, form, errors=wrong.errors)
    except EmailTaken as taken:
        return setup_page(request, token, state, form, errors={"email": taken.message})
    response = go_to(request, HOME, say=f"Welcome, {admin.first_name}. You are the administrator.")
    hand_over(request, response, entry, lifetimes)
    return hides_address(response)


def setup_page(
    request: Request,
    token: str,
    state: LinkState,
    form: PersonFields,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    context = {
        "form": form.shown_again(),
        "errors": errors or {},
        "state": state.value,
        "token": token,
        "password_min": settings_of(request).password_min_length,
    }
    status = 410 if state is not LinkState.ready else 422 if errors else 200
    return hides_address(page(request, "accounts/setup.html", context, status=status))
