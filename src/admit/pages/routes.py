"""The pages that sell, explain and show a person's own things."""

from email.utils import parseaddr
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from admit.access.decision import Reason
from admit.access.deps import requires_feature
from admit.access.errors import FeatureNeeded
from admit.access.service import feature_by_key
from admit.accounts.deps import SignedIn, Visitor
from admit.accounts.invitations.service import offer_of
from admit.billing.catalog.service import plans
from admit.billing.catalog.views import PlanView
from admit.billing.service import NOBODY, buyer, overview
from admit.core.config import Settings
from admit.core.db import ReadDb
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppSettings
from admit.pages.no_access import feature_view

router = APIRouter(include_in_schema=False)

PREMIUM = "premium"


@router.get("/")
async def show_landing(request: Request, db: ReadDb) -> Response:
    return page(request, "pages/landing.html", {"plans": await plans(db)})


@router.get("/pricing")
async def show_pricing(
    request: Request,
    db: ReadDb,
    settings: AppSettings,
    person: Visitor,
    plan: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Whoever comes back with a choice is led to where it is confirmed."""
    offered = await plans(db)
    looking = await buyer(db, person.id) if person else NOBODY
    chosen = plan_with(offered, plan)
    if chosen and person and person.is_verified and chosen.group not in looking.groups:
        return go_to(request, f"/checkout?{urlencode({'price': plan})}")
    context = {
        "plans": offered,
        "buyer": looking,
        "chosen": plan if chosen else None,
        "collects_tax": settings.collects_tax,
    }
    return page(request, "pages/pricing.html", context)


@router.get("/help")
async def show_help(request: Request, settings: AppSettings) -> Response:
    return page(request, "pages/help.html", {"support_email": support_address(settings)})


@router.get("/account")
async def show_account(
    request: Request, db: ReadDb, settings: AppSettings, clock: AppClock, person: SignedIn
) -> Response:
    account = await overview(db, person.id, grace_days=settings.access_grace_days)
    offer = await offer_of(db, person.id, now=clock.wall())
    return page(request, "pages/account.html", {**vars(account), "offer": offer})


@router.get("/premium", dependencies=[requires_feature(PREMIUM)])
async def show_premium(request: Request, db: ReadDb) -> Response:
    feature = await feature_by_key(db, PREMIUM)
    if feature is None:
        raise FeatureNeeded(PREMIUM, reason=Reason.never_granted)
    context = {"feature": feature_view(feature, included=True)}
    return page(request, "pages/premium.html", context)


def plan_with(offered: list[PlanView], price_code: str) -> PlanView | None:
    for plan in offered:
        if any(price.code == price_code for price in plan.prices):
            return plan
    return None


def support_address(settings: Settings) -> str | None:
    """Where mail comes from is where answers go, except from a laptop."""
    _, address = parseaddr(settings.mail_from)
    return None if address.endswith("@localhost") else address or None
