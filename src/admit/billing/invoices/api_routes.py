from fastapi import APIRouter

from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import Verified, open_to_keys
from admit.billing.invoices.schemas import InvoiceShown, invoice_shown
from admit.billing.invoices.service import invoice_of, invoices_of
from admit.billing.versions.deps import mine_changed_since
from admit.core.db import ReadDb
from admit.core.http.openapi import NOT_MODIFIED, SIGNED_IN, problems
from admit.core.http.paging import Page, WantedPage, page_of

router = APIRouter(
    prefix="/api/v1/invoices",
    tags=["invoices"],
    dependencies=[open_to_keys(Scope.billing_read), mine_changed_since("invoices")],
)


@router.get(
    "",
    operation_id="list_invoices",
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 422) | NOT_MODIFIED,
)
async def list_invoices(person: Verified, db: ReadDb, wanted: WantedPage) -> Page[InvoiceShown]:
    """What you were billed, newest first, with what became of each."""
    rows = await invoices_of(
        db, person.id, starting_after=wanted.starting_after, limit=wanted.limit + 1
    )
    return page_of(rows, wanted.limit, invoice_shown)


@router.get(
    "/{invoice_id}",
    operation_id="get_invoice",
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 404) | NOT_MODIFIED,
)
async def get_invoice(invoice_id: str, person: Verified, db: ReadDb) -> InvoiceShown:
    return invoice_shown(await invoice_of(db, person.id, invoice_id))
