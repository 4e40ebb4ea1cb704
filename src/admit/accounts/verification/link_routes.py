from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.audit.service import Method
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, Visitor
from admit.accounts.destination import after_sign_in
from admit.accounts.sessions.cookies import browser_of
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.steps import Refused, proceed
from admit.accounts.verification.confirmation import (
    LinkState,
    look_at_link,
    use_link,
)
from admit.accounts.verification.pages import (
    WELCOME,
    hides_address,
    link_page,
    sign_in_to_go_on,
)
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)


@router.get("/verify/{token}")
async def show_link(
    request: Request, token: str, db: ReadDb, clock: AppClock, person: Visitor
) -> Response:
    link = await look_at_link(db, token, now=clock.wall())
    is_theirs = person is not None and person.id == link.user_id and person.is_verified
    if link.state is LinkState.used and is_theirs:
        return link_page(request, "done", token)
    return link_page(request, link.state.value, token, email=link.email)


@router.post("/verify/{token}")
async def submit_link(
    request: Request,
    token: str,
    *,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    person: Visitor,
    letters: AppLetters,
    lifetimes: AppLifetimes,
) -> Response:
    now, browser = clock.wall(), browser_of(request, caller)
    waiting = browser.verification_token
    confirmed = await use_link(db, token, browser_token=waiting, caller=caller, now=now)
    if confirmed is None:
        link = await look_at_link(db, token, now=now)
        return link_page(request, link.state.value, token)
    leads_to = after_sign_in(confirmed.next_path, confirmed.plan)
    if confirmed.in_browser_of(waiting):
        entered = await proceed(
            db,
            letters,
            confirmed.user,
            method=Method.link,
            next_path=leads_to,
            browser=browser,
            lifetimes=lifetimes,
            now=now,
        )
        if not isinstance(entered, Refused):
            answer = lead_on(request, entered, next_path=leads_to, lifetimes=lifetimes, say=WELCOME)
            return hides_address(answer)
    stays = not confirmed.replaced_credentials and person is not None
    if stays and person is not None and person.id == confirmed.user.id:
        return hides_address(go_to(request, leads_to, say=WELCOME))
    to_sign_in = sign_in_to_go_on(
        request,
        next_path=confirmed.next_path,
        plan=confirmed.plan,
        has_password=confirmed.has_password,
    )
    return hides_address(to_sign_in)
