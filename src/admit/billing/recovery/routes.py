"""A failed payment is put right: what is owed, another card, another try."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from admit.accounts.deps import Verified
from admit.billing.answers import unavailable
from admit.billing.deps import AppBilling
from admit.billing.gateway import GatewayUnavailable
from admit.billing.recovery.models import Standing
from admit.billing.recovery.returning import standing_of_return
from admit.billing.recovery.service import open_card_page, try_again
from admit.billing.service import overview
from admit.core.db import ReadDb
from admit.core.errors import NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppSettings

router = APIRouter(prefix="/account/billing")

BILLING, FIX = "/account/billing", "/account/billing/fix"
SAID = {
    Standing.paid: ("success", "Paid. Everything is in order again."),
    Standing.saved: ("info", "Nothing is owed; there was nothing to pay."),
    Standing.declined: ("error", "Your bank said no again. Another card often works."),
    Standing.action: ("info", "Your bank wants you to confirm this payment."),
}
LEADS_TO = {Standing.paid: BILLING, Standing.saved: BILLING}


@router.get("/fix")
async def show_fix(
    request: Request, db: ReadDb, settings: AppSettings, person: Verified
) -> Response:
    account = await overview(db, person.id, grace_days=settings.access_grace_days)
    views = [account.subscription, *account.others] if account.subscription else []
    context = {"owing": [view for view in views if view.open_invoice or view.unpaid_change]}
    return page(request, "billing/fix.html", context)


@router.post("/fix")
async def submit_fix(request: Request, person: Verified, billing: AppBilling) -> Response:
    try:
        standing = await try_again(billing, person)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=FIX)
    kind, said = SAID[standing]
    return go_to(request, LEADS_TO.get(standing, FIX), say=said, kind=kind)


@router.post("/card")
async def submit_card(request: Request, person: Verified, billing: AppBilling) -> Response:
    try:
        address = await open_card_page(billing, person)
    except GatewayUnavailable as error:
        return unavailable(request, error, retry_url=FIX)
    return go_to(request, address)


@router.get("/card/return")
async def show_card_return(
    request: Request,
    person: Verified,
    billing: AppBilling,
    session_id: Annotated[str, Query(max_length=255, pattern=r"^[\w]+$")] = "",
) -> Response:
    standing = await standing_of_return(billing, person, session_id)
    if standing is None:
        raise NotFound
    context = {"standing": standing, "poll_url": f"{request.url.path}?{request.url.query}"}
    return page(request, "billing/card_return.html", context)
