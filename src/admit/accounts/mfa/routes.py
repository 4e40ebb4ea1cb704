"""Setting up the second step of signing in, and switching it off."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from pydantic import BaseModel
from segno import make_qr
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.audit.service import Method
from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.accounts.mfa import app, recovery, totp
from admit.accounts.mfa.repository import StrongFactors
from admit.accounts.mfa.service import (
    recovery_codes_left,
    tell_of_other_app,
    turn_off,
    turn_on,
    user_of,
)
from admit.accounts.person import Person
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppVault, settings_of

router = APIRouter(prefix="/account/security", include_in_schema=False)
HERE = "/account/security/two-factor"
NOT_THIS_CODE = "That code is not right. Enter the one that your app shows now."
NOT_OF_THESE = "That is none of your new codes. Look again, or make new ones."
IS_ON = "Two-factor sign-in is on. Keep your recovery codes in a safe place."
IS_OFF = "Two-factor sign-in is off."
APP_CHANGED = "Your new app is in use. The earlier one no longer works."
CODES_CHANGED = "Your new recovery codes are in force. The earlier ones no longer work."


class CodeForm(BaseModel):
    code: str = ""


class RecoveryForm(BaseModel):
    recovery_code: str = ""


@router.get("/two-factor")
async def show_two_factor(
    request: Request, person: RecentlyProved, db: ReadDb, vault: AppVault
) -> Response:
    secret = await app.secret_to_scan(db, vault, person.id)
    return await two_factor_page(request, db, person, secret=secret)


@router.post("/two-factor/app")
async def begin_app(
    request: Request, person: RecentlyProved, db: Db, clock: AppClock, vault: AppVault
) -> Response:
    await app.begin(db, vault, person.id, now=clock.wall())
    return go_to(request, HERE)


@router.post("/two-factor")
async def confirm_app(
    request: Request,
    *,
    form: Annotated[CodeForm, Form()],
    person: RecentlyProved,
    db: Db,
    clock: AppClock,
    vault: AppVault,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    now = clock.wall()
    if not await app.confirm(db, vault, person.id, form.code, now=now):
        secret = await app.secret_to_scan(db, vault, person.id)
        errors = {"code": NOT_THIS_CODE}
        return await two_factor_page(request, db, person, secret=secret, errors=errors, status=422)
    user = await user_of(db, person.id)
    if user.has_two_factor:
        await tell_of_other_app(db, letters, user, caller=caller, now=now)
        return go_to(request, HERE, say=APP_CHANGED)
    codes = await recovery.make_codes(db, vault, person.id, now=now)
    return codes_page(request, codes)


@router.post("/recovery-codes")
async def make_recovery_codes(
    request: Request, person: RecentlyProved, db: Db, clock: AppClock, vault: AppVault
) -> Response:
    """Also how somebody with passkeys begins to use them as the second step."""
    if not await _can_be_on(db, person.id):
        return go_to(request, HERE)
    codes = await recovery.make_codes(db, vault, person.id, now=clock.wall())
    return codes_page(request, codes)


@router.post("/recovery-codes/confirmation")
async def confirm_recovery_codes(
    request: Request,
    *,
    form: Annotated[RecoveryForm, Form()],
    person: Verified,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    now, user = clock.wall(), await user_of(db, person.id)
    typed = form.recovery_code
    if not await recovery.confirm(db, letters, user, typed, caller=caller, now=now):
        errors = {"recovery_code": NOT_OF_THESE}
        return codes_page(request, (), errors=errors, status=422)
    if user.has_two_factor or not await _can_be_on(db, user.id):
        return go_to(request, HERE, say=CODES_CHANGED)
    has_app = await StrongFactors(db).has_app(user.id)
    method = Method.totp if has_app else Method.passkey
    await turn_on(db, letters, user, method=method, caller=caller, now=now)
    return go_to(request, "/account/security", say=IS_ON)


@router.post("/two-factor/off")
async def switch_off(
    request: Request,
    person: RecentlyProved,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    user = await user_of(db, person.id)
    await turn_off(db, letters, user, method=Method.session, caller=caller, now=clock.wall())
    return go_to(request, "/account/security", say=IS_OFF, kind="info")


async def _can_be_on(db: AsyncSession, user_id: str) -> bool:
    factors = StrongFactors(db)
    return await factors.has_app(user_id) or await factors.has_passkey(user_id)


async def two_factor_page(
    request: Request,
    db: AsyncSession,
    person: Person,
    *,
    secret: str | None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    user, factors = await user_of(db, person.id), StrongFactors(db)
    context: dict[str, object] = {
        "since": user.two_factor_since,
        "has_app": await factors.has_app(user.id),
        "has_passkey": await factors.has_passkey(user.id),
        "codes_left": await recovery_codes_left(db, user.id),
        "qr": qr_of(request, secret, person) if secret else None,
        "secret": totp.in_groups(secret) if secret else None,
    }
    if errors:
        context["errors"] = errors
    return page(request, "accounts/two_factor.html", context, status=status)


def codes_page(
    request: Request,
    codes: tuple[str, ...],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Shown once: they are kept as fingerprints only. Without codes, the field to confirm them."""
    context: dict[str, object] = {"codes": codes}
    context["errors"] = errors or {}
    return page(request, "accounts/recovery_codes.html", context, status=status)


def qr_of(request: Request, secret: str, person: Person) -> Markup:
    """A drawing in the page itself: no other request carries the secret."""
    site_name = settings_of(request).admit_site_name
    address = totp.address_of(secret, site_name=site_name, email=person.email)
    drawing = make_qr(address, error="m").svg_inline(
        scale=5, dark="#000", light="#fff", omitsize=True, title="QR code for your app"
    )
    return Markup(drawing)  # noqa: S704 - made here, of digits and letters alone
