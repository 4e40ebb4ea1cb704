from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from admit.accounts.deps import SignedIn, Verified
from admit.billing.catalog import service as catalog
from admit.billing.checkout.returning import Return, ReturnState, plan_of_price, state_of_return
from admit.billing.checkout.service import start_checkout
from admit.billing.deps import AppBilling
from admit.billing.errors import NothingToChange
from admit.billing.gateway import GatewayUnavailable
from admit.billing.service import features_lost
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.subscriptions.service import CHANGEABLE, cancel_at_period_end, resume
from admit.core.db import ReadDb
from admit.core.http.answers import go_to, in_words, page

router = APIRouter(include_in_schema=False)

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


@router.get("/account/billing/cancel")
async def show_cancel(request: Request, person: Verified, db: ReadDb) -> Response:
    context = await _cancel_context(db, person.id)
    return page(request, "billing/cancel.html", context)


async def _cancel_context(db: ReadDb, user_id: str) -> dict[str, object]:
    for subscription in await Subscriptions(db).of_user(user_id):
        if subscription.status in CHANGEABLE and not subscription.cancel_at_period_end:
            plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
            return {
                "plan_name": plan.name if plan else "your plan",
                "ends_on": subscription.current_period_end,
                "losing": await features_lost(db, plan) if plan else [],
                "errors": {},
            }
    raise NothingToChange


@router.post("/account/billing/cancel")
async def submit_cancel(request: Request, person: Verified, billing: AppBilling) -> Response:
    try:
        subscription = await cancel_at_period_end(billing, person)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url="/account/billing/cancel")
    ends = subscription.cancel_at or subscription.current_period_end
    return go_to(
        request, "/account", say=f"Cancelled. You keep access until {in_words(request, ends)}."
    )


@router.post("/account/billing/resume")
async def submit_resume(request: Request, person: Verified, billing: AppBilling) -> Response:
    try:
        await resume(billing, person)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url="/account")
    return go_to(request, "/account", say="Your plan goes on as before.")


def unavailable(request: Request, error: GatewayUnavailable, *, retry_url: str) -> Response:
    response = page(
        request, "billing/unavailable.html", {"retry_url": retry_url}, status=error.status
    )
    response.headers["Retry-After"] = str(error.retry_after)
    return response
