from fastapi import APIRouter

from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import Verified, open_to_keys
from admit.billing.payments.schemas import PaymentShown, payment_shown
from admit.billing.payments.service import payment_of, payments_of
from admit.billing.versions.deps import mine_changed_since
from admit.core.db import ReadDb
from admit.core.http.openapi import NOT_MODIFIED, SIGNED_IN, problems
from admit.core.http.paging import Page, WantedPage, page_of

router = APIRouter(
    prefix="/api/v1/payments",
    tags=["payments"],
    dependencies=[open_to_keys(Scope.billing_read), mine_changed_since("payments")],
)


@router.get(
    "",
    operation_id="list_payments",
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 422) | NOT_MODIFIED,
)
async def list_payments(person: Verified, db: ReadDb, wanted: WantedPage) -> Page[PaymentShown]:
    """Every attempt to pay, newest first, with its refunds and disputes."""
    views = await payments_of(
        db, person.id, starting_after=wanted.starting_after, limit=wanted.limit + 1
    )
    return page_of(views, wanted.limit, payment_shown)


@router.get(
    "/{payment_id}",
    operation_id="get_payment",
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 404) | NOT_MODIFIED,
)
async def get_payment(payment_id: str, person: Verified, db: ReadDb) -> PaymentShown:
    return payment_shown(await payment_of(db, person.id, payment_id))
