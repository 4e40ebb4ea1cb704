"""Signing in with an account elsewhere: there, and back."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Depends, Form, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from admit.accounts.audit.models import Outcome
from admit.accounts.audit.service import Method, note
from admit.accounts.caller import Caller
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, Visitor
from admit.accounts.destination import own_path
from admit.accounts.letters import Letters
from admit.accounts.limits.service import whole_seconds
from admit.accounts.oauth.arrival import Arrival, Offered, WithoutAddress, arrive
from admit.accounts.oauth.attempts import come_back
from admit.accounts.oauth.connections import connect
from admit.accounts.oauth.cookies import end_attempt, keep_offer, secret_of
from admit.accounts.oauth.departure import CONNECTIONS, callback_of, send_to
from admit.accounts.oauth.deps import NamedProvider
from admit.accounts.oauth.errors import AttemptOver, ProviderFailed
from admit.accounts.oauth.models import OAuthAttempt, Purpose
from admit.accounts.oauth.provider import Attempt, Profile, Provider
from admit.accounts.person import Person
from admit.accounts.sessions.cookies import browser_of
from admit.accounts.sessions.service import Lifetimes
from admit.accounts.sign_in.answers import lead_on
from admit.accounts.sign_in.steps import Refused
from admit.accounts.sign_up.service import HeldBack
from admit.core.errors import AppError, TooManyRequests
from admit.core.http.answers import error_response, go_to
from admit.core.http.state import AppParts, Parts

log = structlog.get_logger("admit.accounts.oauth")

router = APIRouter(include_in_schema=False)

YOURS_ALREADY = (
    "There is an account with this address here. Sign in to it once, and then connect {label}."
)
NOT_CONFIRMED = "{label} has not confirmed an e-mail address of yours, so it opens no account here."


class StartForm(BaseModel):
    next: str = ""


class CameBack(BaseModel):
    """What the provider put into the address."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str = ""


@dataclass(frozen=True)
class Desk:
    """All that is needed to receive somebody."""

    request: Request
    provider: Provider
    parts: Parts
    letters: Letters
    caller: Caller
    lifetimes: Lifetimes
    person: Person | None


def desk_of(  # noqa: PLR0917 - the framework names them
    request: Request,
    provider: NamedProvider,
    parts: AppParts,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
    person: Visitor,
) -> Desk:
    return Desk(request, provider, parts, letters, caller, lifetimes, person)


@router.post("/sign-in/with/{provider}")
async def set_out(
    request: Request,
    *,
    provider: NamedProvider,
    form: Annotated[StartForm, Form()],
    parts: AppParts,
    caller: AppCaller,
) -> Response:
    next_path = own_path(form.next)
    purpose = Purpose.sign_in
    return await send_to(
        request, provider, parts, purpose=purpose, caller=caller, next_path=next_path
    )


@router.get("/sign-in/with/{provider}/callback")
async def receive(
    request: Request, back: Annotated[CameBack, Query()], desk: Annotated[Desk, Depends(desk_of)]
) -> Response:
    """Changes something on GET, as the protocol has it; `state` stands for the form that began."""
    secret = secret_of(request, back.state)
    try:
        response = await _received(desk, back, secret)
    except AppError as failed:
        if isinstance(failed, ProviderFailed) and failed.is_an_outcome:
            await _note_refusal(desk)
        response = error_response(request, failed)
    if secret is not None:
        end_attempt(request, response, back.state)
    return response


async def _received(desk: Desk, back: CameBack, secret: str | None) -> Response:
    provider, parts = desk.provider, desk.parts
    now = parts.clock.wall()
    async with parts.database.write() as db:
        begun = await come_back(
            db, state=back.state, secret=secret, provider=provider.name, now=now
        )
    if begun is None or secret is None:
        log.warning("oauth.attempt_over", provider=provider.name)
        raise AttemptOver
    if back.iss and back.iss != provider.issuer:
        log.warning("oauth.other_issuer", provider=provider.name)
        raise ProviderFailed
    if back.error or not back.code:
        return _changed_their_mind(desk, begun)
    attempt = Attempt.of(
        parts.vault,
        state=back.state,
        secret=secret,
        redirect_uri=callback_of(parts, provider.name),
    )
    profile = await provider.profile_for(back.code, attempt)
    if begun.purpose == Purpose.connect:
        return await _connected(desk, begun, profile)
    return await _signed_in(desk, begun, profile)


async def _signed_in(desk: Desk, begun: OAuthAttempt, profile: Profile) -> Response:
    async with desk.parts.database.write() as db:
        arrival = await arrive(
            db,
            desk.letters,
            profile,
            next_path=begun.next_path,
            browser=browser_of(desk.request, desk.caller),
            lifetimes=desk.lifetimes,
            now=desk.parts.clock.wall(),
        )
    return _answer_to(desk, begun, arrival)


def _answer_to(desk: Desk, begun: OAuthAttempt, arrival: Arrival) -> Response:
    request, label = desk.request, desk.provider.label
    match arrival:
        case HeldBack(wait):
            raise TooManyRequests(retry_after=whole_seconds(wait))
        case Offered(token):
            leads_to = f"/sign-in?next={quote(CONNECTIONS, safe='')}"
            response = go_to(request, leads_to, say=YOURS_ALREADY.format(label=label), kind="info")
            keep_offer(request, response, token)
            return response
        case WithoutAddress():
            advice = "Confirm it there, or sign up here with your address."
            return _refusal(request, NOT_CONFIRMED.format(label=label), advice)
        case Refused():
            return _refusal(request, "Nobody can be signed in with it.", "Write to us about it.")
        case _:
            return lead_on(request, arrival, next_path=begun.next_path, lifetimes=desk.lifetimes)


async def _connected(desk: Desk, begun: OAuthAttempt, profile: Profile) -> Response:
    if desk.person is None or desk.person.session_id != begun.session_id:
        raise AttemptOver
    async with desk.parts.database.write() as db:
        await connect(
            db,
            desk.letters,
            desk.person.id,
            profile,
            caller=desk.caller,
            now=desk.parts.clock.wall(),
        )
    return go_to(desk.request, CONNECTIONS, say=f"{desk.provider.label} is connected.")


def _changed_their_mind(desk: Desk, begun: OAuthAttempt) -> Response:
    label, connecting = desk.provider.label, begun.purpose == Purpose.connect
    back_to = CONNECTIONS if connecting else "/sign-in"
    say = f"{label} was not connected." if connecting else f"You did not sign in with {label}."
    return go_to(desk.request, back_to, say=say, kind="info")


def _refusal(request: Request, message: str, advice: str) -> Response:
    """Its row in the security history is written already."""
    return error_response(request, ProviderFailed(message, advice=advice))


async def _note_refusal(desk: Desk) -> None:
    async with desk.parts.database.write() as db:
        note(
            db,
            Outcome.sign_in_refused,
            user_id=None,
            method=Method(desk.provider.name),
            caller=desk.caller,
            now=desk.parts.clock.wall(),
        )
