"""The page that leads to all that keeps an account safe, with the state of each."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.audit.service import Method
from admit.accounts.deps import AppCaller, SignedIn
from admit.accounts.mfa.repository import StrongFactors
from admit.accounts.mfa.service import recovery_codes_left, reset_of, stop_reset, user_of
from admit.accounts.sign_in.failures import is_closed
from admit.core.db import Db, ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(prefix="/account/security", include_in_schema=False)
STOPPED = "Your two-factor sign-in stays on."


@router.get("")
async def show_security(request: Request, person: SignedIn, db: ReadDb) -> Response:
    user, factors = await user_of(db, person.id), StrongFactors(db)
    reset = await reset_of(db, user.id)
    context = {
        "has_password": user.password_hash is not None,
        "password_is_closed": is_closed(user),
        "two_factor_since": user.two_factor_since,
        "has_app": await factors.has_app(user.id),
        "has_passkey": await factors.has_passkey(user.id),
        "codes_left": await recovery_codes_left(db, user.id),
        "reset_due_at": reset.due_at if reset else None,
    }
    return page(request, "accounts/security.html", context)


@router.post("/two-factor/keep")
async def keep_two_factor(
    request: Request, person: SignedIn, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    """Its owner is there: staff need not switch it off. Keeping it needs no further proof."""
    await stop_reset(db, person.id, method=Method.session, caller=caller, now=clock.wall())
    return go_to(request, "/account/security", say=STOPPED)
