from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from admit.accounts.deps import SignedIn, Verified
from admit.accounts.person import Person
from admit.billing.answers import unavailable
from admit.billing.checkout.confirming import confirmation
from admit.billing.checkout.forms import CheckoutForm
from admit.billing.checkout.offers import Choice
from admit.billing.checkout.returning import Return, ReturnState, plan_of_price, state_of_return
from admit.billing.checkout.service import start_checkout
from admit.billing.deps import AppBilling
from admit.billing.gateway import GatewayUnavailable
from admit.core.db import ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, settings_of

router = APIRouter()

SessionId = Annotated[str, Query(max_length=255, pattern=r"^[\w]+$")]


@router.get("/checkout")
async def show_checkout(
    request: Request,
    typed: Annotated[CheckoutForm, Query()],
    *,
    person: Verified,
    db: ReadDb,
    clock: AppClock,
) -> Response:
    return await _confirm_page(request, db, clock, person, typed, errors={})


async def _confirm_page(
    request: Request,
    db: ReadDb,
    clock: AppClock,
    person: Person,
    typed: CheckoutForm,
    *,
    errors: dict[str, str],
) -> Response:
    """What is wrong with the choice stands beside it, and the rest is shown as for one."""
    try:
        chosen = await confirmation(db, person, typed.checked(), now=clock.business())
    except InvalidInput as wrong:
        errors = {**wrong.errors, **errors}
        chosen = await confirmation(db, person, Choice(typed.price), now=clock.business())
    context = {
        "chosen": chosen,
        "values": typed.model_dump(),
        "errors": errors,
        "collects_tax": settings_of(request).collects_tax,
    }
    status = InvalidInput.status if errors else 200
    return page(request, "billing/checkout.html", context, status=status)


@router.post("/checkout")
async def submit_checkout(
    request: Request,
    typed: Annotated[CheckoutForm, Form()],
    *,
    person: Verified,
    billing: AppBilling,
    db: ReadDb,
    clock: AppClock,
) -> Response:
    try:
        choice = typed.checked()
        address = await start_checkout(
            billing, person, price_code=choice.price_code, quantity=choice.quantity
        )
    except InvalidInput as wrong:
        return await _confirm_page(request, db, clock, person, typed, errors=wrong.errors)
    except GatewayUnavailable as error:
        again = f"/checkout?{urlencode(typed.model_dump())}"
        return unavailable(request, error, retry_url=again)
    return go_to(request, address)


@router.get("/checkout/return")
async def show_return(
    request: Request, person: SignedIn, billing: AppBilling, session_id: SessionId = ""
) -> Response:
    returned = await state_of_return(billing, person, session_id)
    context = _return_context(returned, session_id, waited=0)
    status = 404 if returned.state is ReturnState.unknown else 200
    return page(request, "billing/checkout_return.html", context, status=status)


@router.get("/checkout/return/status")
async def show_return_status(
    request: Request,
    person: SignedIn,
    billing: AppBilling,
    session_id: SessionId = "",
    waited: Annotated[int, Query(ge=0, le=86400)] = 0,
) -> Response:
    returned = await state_of_return(billing, person, session_id)
    context = _return_context(returned, session_id, waited=waited)
    return page(request, "billing/checkout_status.html", context)


POLL_SECONDS = 2


def _return_context(returned: Return, session_id: str, *, waited: int) -> dict[str, object]:
    query = urlencode({"session_id": session_id, "waited": waited + POLL_SECONDS})
    return {
        "state": returned.state,
        "plan_name": returned.plan_name,
        "next_url": "/premium" if returned.state is ReturnState.active else "/account",
        "poll_url": f"/checkout/return/status?{query}",
        "waited_seconds": waited,
    }


@router.get("/checkout/cancelled")
async def show_cancelled(
    request: Request, db: ReadDb, price: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    plan = await plan_of_price(db, price)
    context = {
        "plan_name": plan.name if plan else None,
        "price_code": price if plan else None,
    }
    return page(request, "billing/checkout_cancelled.html", context)
