"""A passkey opens the door: by itself, as the second step, and to show once more who one is.

Browsers ask for a challenge by script, and a form carries what the device answered.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, SignedIn
from admit.accounts.destination import after_sign_in, own_path
from admit.accounts.mfa.proof import Over, Proved
from admit.accounts.mfa.proof_routes import proof_page
from admit.accounts.mfa.second_factor_routes import second_factor_page
from admit.accounts.passkeys.ceremony import request_options
from admit.accounts.passkeys.challenges import ask
from admit.accounts.passkeys.cookies import binding, keep_question, question_of
from admit.accounts.passkeys.deps import NamedSite
from admit.accounts.passkeys.errors import PasskeyRefused
from admit.accounts.passkeys.models import Purpose
from admit.accounts.passkeys.service import passkeys_of
from admit.accounts.passkeys.use import Answer, prove_again, second_step, sign_in
from admit.accounts.sessions.cookies import SIGN_IN, browser_of, renew_session
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.forms import SignInForm
from admit.accounts.sign_in.routes import sign_in_page
from admit.accounts.sign_in.steps import Refused, paused, try_paused
from admit.core.crypto import new_token
from admit.core.db import Db
from admit.core.errors import SignInNeeded
from admit.core.http.answers import go_to
from admit.core.http.cookies import jar_of
from admit.core.http.state import AppClock, AppParts

router = APIRouter(include_in_schema=False)
DID_NOT_WORK = {"form": PasskeyRefused.message}


class PasskeyForm(BaseModel):
    credential: str = Field(default="", repr=False)
    next: str = ""


@router.post("/sign-in/passkey/options")
async def ask_anybody(
    request: Request, site: NamedSite, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    """For whoever comes: names no key, and tells nothing about who has one."""
    token = question_of(request) or new_token()
    challenge = await ask(
        db,
        Purpose.sign_in,
        bound_to=binding(token),
        network=caller.network,
        now=clock.wall(),
    )
    response = JSONResponse(request_options(site, (), challenge))
    keep_question(request, response, token)
    return response


@router.post("/sign-in/passkey")
async def submit_passkey(
    request: Request,
    *,
    form: Annotated[PasskeyForm, Form()],
    site: NamedSite,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    next_path = own_path(form.next)
    outcome = await sign_in(
        db,
        letters,
        Answer(site, form.credential, binding(question_of(request))),
        next_path=next_path,
        browser=browser_of(request, caller),
        lifetimes=lifetimes,
        now=clock.wall(),
    )
    if isinstance(outcome, Refused):
        return sign_in_page(request, SignInForm(next=form.next), errors=DID_NOT_WORK, status=422)
    return lead_on(request, outcome, next_path=next_path, lifetimes=lifetimes)


@router.post("/sign-in/2fa/passkey/options")
async def ask_second(
    request: Request, site: NamedSite, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    now = clock.wall()
    attempt = await paused(db, jar_of(request).read(request, SIGN_IN), now=now)
    if attempt is None:
        raise SignInNeeded
    challenge = await ask(
        db, Purpose.second_factor, bound_to=attempt.id, network=caller.network, now=now
    )
    allowed = await passkeys_of(db, attempt.user_id)
    return JSONResponse(request_options(site, allowed, challenge))


@router.post("/sign-in/2fa/passkey")
async def submit_second(
    request: Request,
    *,
    form: Annotated[PasskeyForm, Form()],
    site: NamedSite,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    browser, now = browser_of(request, caller), clock.wall()
    attempt = await try_paused(db, browser.sign_in_token, now=now)
    if attempt is None:
        return go_to(request, "/sign-in", say="This sign-in is over. Sign in again.", kind="info")
    outcome = await second_step(
        db,
        letters,
        Answer(site, form.credential, attempt.id),
        attempt,
        browser=browser,
        lifetimes=lifetimes,
        now=now,
    )
    if isinstance(outcome, Refused):
        return await second_factor_page(request, db, clock, errors=DID_NOT_WORK, status=422)
    return lead_on(request, outcome, next_path=outcome.next_path, lifetimes=lifetimes)


@router.post("/sign-in/again/passkey/options")
async def ask_again(
    person: SignedIn, site: NamedSite, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    challenge = await ask(
        db,
        Purpose.prove_again,
        bound_to=person.session_id,
        network=caller.network,
        now=clock.wall(),
    )
    return JSONResponse(request_options(site, await passkeys_of(db, person.id), challenge))


@router.post("/sign-in/again/passkey")
async def submit_again(
    request: Request,
    *,
    form: Annotated[PasskeyForm, Form()],
    person: SignedIn,
    site: NamedSite,
    parts: AppParts,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    answer, now = Answer(site, form.credential, person.session_id), parts.clock.wall()
    async with parts.database.write() as db:
        outcome = await prove_again(db, answer, person, caller=caller, now=now)
    match outcome:
        case Over():
            raise SignInNeeded(back_to=after_sign_in(form.next))
        case Refused():
            return await proof_page(
                request, parts, person, next_path=form.next, errors=DID_NOT_WORK, status=422
            )
        case Proved(session_token):
            response = go_to(request, after_sign_in(form.next))
            renew_session(request, response, session_token, lifetimes)
            return response
