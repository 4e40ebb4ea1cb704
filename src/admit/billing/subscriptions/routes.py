from fastapi import APIRouter, Request, Response

from admit.accounts.deps import Verified
from admit.billing.service import overview
from admit.core.db import ReadDb
from admit.core.http.answers import page
from admit.core.http.state import AppSettings

router = APIRouter()


@router.get("/account/billing")
async def show_billing(
    request: Request, db: ReadDb, settings: AppSettings, person: Verified
) -> Response:
    account = await overview(db, person.id, grace_days=settings.access_grace_days)
    return page(request, "billing/account_billing.html", {"overview": account})
