from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from admit.accounts.caller import Caller
from admit.accounts.deps import AppCaller, AppLetters, AppLifetimes, AppPasswords, SignedIn
from admit.accounts.destination import after_sign_in, own_path
from admit.accounts.letters import Letters
from admit.accounts.mfa.proof import (
    Over,
    PasswordRefused,
    Proved,
    Ways,
    mail_code,
    prove_by_mailed_code,
    prove_by_password,
    prove_by_second_factor,
    ways_of,
)
from admit.accounts.mfa.second_factor import NotProved, TooOften
from admit.accounts.mfa.service import user_of
from admit.accounts.password.rules import fits
from admit.accounts.password.service import Passwords
from admit.accounts.person import Person
from admit.accounts.sessions.cookies import renew_session
from admit.accounts.sessions.service import Lifetimes
from admit.accounts.sign_in.mailed import CodeRefused, Purpose, Shown, waiting
from admit.accounts.sign_in.mailed_pages import wait_sentence
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import Db
from admit.core.errors import SignInNeeded
from admit.core.http.answers import go_to, page
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.state import AppParts, Parts

router = APIRouter(include_in_schema=False)
TOO_OFTEN = "There were too many tries."
NOTHING = "Enter your password or a code."

Refusal = PasswordRefused | NotProved | CodeRefused
Outcome = Proved | Over | Refusal | TooOften | None


class ProofForm(BaseModel):
    """One of the four is filled in; `next` is where to go on."""

    password: str = Field(default="", repr=False)
    code: str = ""
    recovery_code: str = ""
    mailed_code: str = ""
    next: str = ""

    @property
    def field(self) -> str:
        filled = (name for name in FIELDS if getattr(self, name))
        return next(filled, "form")


FIELDS = ("password", "code", "recovery_code", "mailed_code")


@router.get("/sign-in/again")
async def show_proof(
    request: Request,
    person: SignedIn,
    parts: AppParts,
    next: str = "",  # noqa: A002 - the name in the address
) -> Response:
    return await proof_page(request, parts, person, next_path=next)


@router.post("/sign-in/again")
async def submit_proof(
    request: Request,
    *,
    form: Annotated[ProofForm, Form()],
    person: SignedIn,
    parts: AppParts,
    passwords: AppPasswords,
    letters: AppLetters,
    caller: AppCaller,
    lifetimes: AppLifetimes,
) -> Response:
    outcome = await _prove(
        request, form, person, parts=parts, passwords=passwords, letters=letters, caller=caller
    )
    if isinstance(outcome, Over):
        raise SignInNeeded(back_to=after_sign_in(form.next))
    if isinstance(outcome, Proved):
        return _go_on(request, outcome, form, lifetimes)
    if isinstance(outcome, TooOften):
        errors = {"form": try_again_in(outcome.wait, why=TOO_OFTEN)}
        held = await proof_page(
            request, parts, person, next_path=form.next, errors=errors, status=429
        )
        return asks_for_patience(held, outcome.wait)
    errors = {form.field: outcome.value if outcome else NOTHING}
    return await proof_page(request, parts, person, next_path=form.next, errors=errors, status=422)


@router.post("/sign-in/again/mail")
async def ask_for_mail(
    request: Request,
    *,
    form: Annotated[ProofForm, Form()],
    person: SignedIn,
    db: Db,
    parts: AppParts,
    letters: AppLetters,
) -> Response:
    user = await user_of(db, person.id)
    ways = await ways_of(db, user)
    if ways.mail:
        held = await mail_code(db, letters, person, token_of(request), now=parts.clock.wall())
        if held is not None:
            errors = {"form": wait_sentence(held)}
            answer = prove_page(request, ways, None, form.next, errors=errors, status=429)
            return asks_for_patience(answer, held.wait)
    back = own_path(form.next)
    return go_to(
        request, f"/sign-in/again?next={quote(back, safe='')}" if back else "/sign-in/again"
    )


async def _prove(
    request: Request,
    form: ProofForm,
    person: Person,
    *,
    parts: Parts,
    passwords: Passwords,
    letters: Letters,
    caller: Caller,
) -> Outcome:
    now = parts.clock.wall()
    if form.password:
        if not fits(form.password):
            return PasswordRefused.wrong
        return await prove_by_password(
            parts.database, passwords, letters, person, form.password, caller=caller, now=now
        )
    async with parts.database.write() as db:
        if form.code or form.recovery_code:
            typed = form.code or form.recovery_code
            return await prove_by_second_factor(db, letters, person, typed, caller=caller, now=now)
        if form.mailed_code:
            token = token_of(request)
            return await prove_by_mailed_code(
                db, letters, person, token, form.mailed_code, caller=caller, now=now
            )
    return None


def _go_on(request: Request, outcome: Proved, form: ProofForm, lifetimes: Lifetimes) -> Response:
    response = go_to(request, after_sign_in(form.next))
    renew_session(request, response, outcome.session_token, lifetimes)
    return response


def token_of(request: Request) -> str:
    return jar_of(request).read(request, SESSION) or ""


async def proof_page(
    request: Request,
    parts: Parts,
    person: Person,
    *,
    next_path: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    async with parts.database.read() as db:
        ways = await ways_of(db, await user_of(db, person.id))
        shown = await waiting(db, token_of(request), purpose=Purpose.proof, now=parts.clock.wall())
    return prove_page(request, ways, shown, next_path, errors=errors, status=status)


def prove_page(
    request: Request,
    ways: Ways,
    shown: Shown | None,
    next_path: str,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {
        "ways": ways,
        "mailed_to": shown.email if shown else None,
        "errors": errors or {},
        "next": own_path(next_path),
    }
    return page(request, "accounts/prove_again.html", context, status=status)
