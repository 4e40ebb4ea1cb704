from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from admit.accounts.deps import SignedIn, Verified
from admit.billing.answers import unavailable
from admit.billing.checkout.returning import Return, ReturnState, plan_of_price, state_of_return
from admit.billing.checkout.service import start_checkout
from admit.billing.deps import AppBilling
from admit.billing.gateway import GatewayUnavailable
from admit.core.db import ReadDb
from admit.core.http.answers import go_to, page

router = APIRouter()

SessionId = Annotated[str, Query(max_length=255, pattern=r"^[\w]+$")]


@router.post("/checkout")
async def submit_checkout(
    request: Request,
    person: Verified,
    billing: AppBilling,
    price: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    try:
        address = await start_checkout(billing, person, price_code=price)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=f"/pricing?{urlencode({'plan': price})}")
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
