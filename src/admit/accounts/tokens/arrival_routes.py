"""Programs sign up and in: the same steps, limits and refusals as on the pages."""

from fastapi import APIRouter

from admit.accounts.address import address
from admit.accounts.audit.service import Method
from admit.accounts.deps import AppPasswords
from admit.accounts.mfa.second_factor import NotProved, TooOften, enter_second_factor
from admit.accounts.password.deps import breaches_of
from admit.accounts.sessions.models import SessionKind
from admit.accounts.sign_in import by_mail
from admit.accounts.sign_in.by_mail import ask_to_sign_in
from admit.accounts.sign_in.forms import SignInForm
from admit.accounts.sign_in.mailed import CodeRefused as MailedCodeRefused
from admit.accounts.sign_in.service import HeldBack, sign_in
from admit.accounts.sign_in.steps import proceed
from admit.accounts.sign_up.forms import PersonFields
from admit.accounts.sign_up.service import HeldBack as SignUpHeldBack
from admit.accounts.sign_up.service import hold_back, sign_up
from admit.accounts.tokens.desk import AppDesk
from admit.accounts.tokens.errors import CodeRefused, SecondFactorRefused, SignInOver
from admit.accounts.tokens.schemas import (
    Arrival,
    AskForCode,
    CodeEntry,
    CodeSent,
    Confirmation,
    MailSent,
    Resend,
    SecondFactor,
    SecondFactorNeeded,
    SignedIn,
    SignIn,
    SignUp,
)
from admit.accounts.verification.confirmation import NotConfirmed, enter_code
from admit.accounts.verification.service import resend
from admit.accounts.waits import too_soon
from admit.core.errors import InvalidInput
from admit.core.http.openapi import leads_to, problems

router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])


@router.post(
    "/sign-up",
    operation_id="sign_up",
    status_code=202,
    responses=problems(429)
    | leads_to(
        202,
        confirm_address={"verification_token": "verification_token"},
        resend_confirmation={"verification_token": "verification_token"},
    ),
)
async def submit_sign_up(asked: SignUp, desk: AppDesk, passwords: AppPasswords) -> MailSent:
    """Mails a code to the address; `confirm_address` takes it and signs in."""
    newcomer = PersonFields(**asked.model_dump()).checked(desk.parts.settings)
    async with desk.parts.database.write() as db:
        wait = await hold_back(db, caller=desk.caller, now=desk.now)
    if wait is not None:
        raise too_soon(wait)
    await breaches_of(desk.parts.settings).refuse(newcomer.password)
    password_hash = await passwords.hash(newcomer.password)
    async with desk.parts.database.write() as db:
        outcome = await sign_up(
            db,
            desk.letters,
            newcomer,
            password_hash=password_hash,
            next_path=None,
            plan=None,
            caller=desk.caller,
            now=desk.now,
        )
    if isinstance(outcome, SignUpHeldBack):
        raise too_soon(outcome.wait)
    return MailSent(verification_token=outcome.verification_token)


@router.post("/confirmation", operation_id="confirm_address", responses=problems(401))
async def confirm(asked: Confirmation, desk: AppDesk) -> Arrival:
    """The code of the mail shows that the address is theirs, and signs in."""
    async with desk.parts.database.write() as db:
        found = await enter_code(
            db,
            desk.parts.vault,
            asked.verification_token,
            asked.code,
            caller=desk.caller,
            now=desk.now,
        )
        outcome = None
        if not isinstance(found, NotConfirmed):
            outcome = await proceed(
                db,
                desk.letters,
                found.user,
                method=Method.code,
                next_path=None,
                browser=desk.visitor(asked),
                lifetimes=desk.lifetimes,
                now=desk.now,
                kind=SessionKind.api,
            )
    if outcome is None:
        raise CodeRefused
    return await desk.admit(outcome, asked, refusal=CodeRefused)


@router.post(
    "/confirmation/mail",
    operation_id="resend_confirmation",
    status_code=202,
    responses=problems(429),
)
async def ask_for_another_mail(asked: Resend, desk: AppDesk) -> MailSent:
    async with desk.parts.database.write() as db:
        wait = await resend(db, desk.letters, asked.verification_token, now=desk.now)
    if wait is not None:
        raise too_soon(wait)
    return MailSent(verification_token=asked.verification_token)


@router.post(
    "/sign-in",
    operation_id="sign_in",
    responses=problems(401, 429)
    | leads_to(
        200,
        refresh={"refresh_token": "refresh_token"},
        enter_second_factor={"sign_in_token": "sign_in_token"},
    ),
)
async def submit_sign_in(asked: SignIn, desk: AppDesk, passwords: AppPasswords) -> Arrival:
    """By address and password. Who has a second factor is asked for it before anything opens."""
    address = SignInForm(email=asked.email, password=asked.password).checked()
    outcome = await sign_in(
        desk.parts.database,
        passwords,
        desk.letters,
        address=address,
        password=asked.password,
        next_path=None,
        browser=desk.visitor(asked),
        lifetimes=desk.lifetimes,
        now=desk.now,
        kind=SessionKind.api,
    )
    if isinstance(outcome, HeldBack):
        raise too_soon(outcome.wait)
    return await desk.admit(outcome, asked)


@router.post(
    "/sign-in/second-factor", operation_id="enter_second_factor", responses=problems(401, 429)
)
async def submit_second_factor(asked: SecondFactor, desk: AppDesk) -> SignedIn | SecondFactorNeeded:
    async with desk.parts.database.write() as db:
        outcome = await enter_second_factor(
            db,
            desk.letters,
            asked.sign_in_token,
            asked.code,
            browser=desk.visitor(asked),
            lifetimes=desk.lifetimes,
            now=desk.now,
        )
    if isinstance(outcome, TooOften):
        raise too_soon(outcome.wait)
    if isinstance(outcome, NotProved):
        raise SignInOver if outcome is NotProved.over else SecondFactorRefused
    return await desk.admit(outcome, asked, refusal=SignInOver)


@router.post(
    "/sign-in/code",
    operation_id="ask_for_sign_in_code",
    status_code=202,
    responses=problems(429) | leads_to(202, enter_sign_in_code={"code_token": "code_token"}),
)
async def submit_ask_for_code(asked: AskForCode, desk: AppDesk) -> CodeSent:
    """Mails a code to the address; `enter_sign_in_code` takes it. The same for any address."""
    found = address(asked.email)
    if found is None:
        raise InvalidInput({"email": "Enter an e-mail address like name@example.com."})
    async with desk.parts.database.write() as db:
        token = await ask_to_sign_in(
            db,
            desk.letters,
            found,
            browser=desk.visitor(asked),
            next_path=None,
            now=desk.now,
        )
    if not isinstance(token, str):
        raise too_soon(token.wait)
    return CodeSent(code_token=token)


@router.post("/sign-in/code/entry", operation_id="enter_sign_in_code", responses=problems(401, 429))
async def submit_sign_in_code(asked: CodeEntry, desk: AppDesk) -> Arrival:
    async with desk.parts.database.write() as db:
        outcome = await by_mail.enter_code(
            db,
            desk.letters,
            asked.code_token,
            asked.code,
            browser=desk.visitor(asked),
            lifetimes=desk.lifetimes,
            now=desk.now,
            kind=SessionKind.api,
        )
    if isinstance(outcome, by_mail.TooOften):
        raise too_soon(outcome.wait)
    if isinstance(outcome, MailedCodeRefused):
        raise CodeRefused
    return await desk.admit(outcome, asked, refusal=CodeRefused)
