"""The pages of what a person has bought."""

import re
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from admit.accounts.deps import Verified
from admit.billing.ledger.forms import Narrowing
from admit.billing.ledger.paper import sheet_of, sums_of
from admit.billing.ledger.pdf import draw
from admit.billing.ledger.service import ledger_of, receipt_of
from admit.billing.ledger.views import Receipt
from admit.billing.ledger.words import CHOICES
from admit.core.db import ReadDb
from admit.core.http.answers import page, words_of_reader
from admit.core.http.state import AppSettings

router = APIRouter(prefix="/account/billing/history", include_in_schema=False)


@router.get("")
async def show_history(
    request: Request, db: ReadDb, person: Verified, asked: Annotated[Narrowing, Query()]
) -> Response:
    shown = await ledger_of(
        db, person.id, status=asked.status, year=asked.chosen_year, before=asked.before or None
    )
    context = {
        "entries": shown.entries,
        "older": shown.older,
        "years": [(str(year), str(year)) for year in shown.years],
        "choices": [(name, label) for name, (label, _) in CHOICES.items()],
        "status": asked.status if asked.status in CHOICES else "",
        "year": str(asked.chosen_year or ""),
        "is_newest": not asked.before,
    }
    return page(request, "billing/history.html", context)


@router.get("/{invoice_id}")
async def show_receipt(request: Request, invoice_id: str, db: ReadDb, person: Verified) -> Response:
    receipt = await receipt_of(db, person.id, invoice_id)
    return page(request, "billing/receipt.html", {"receipt": receipt, "sums": sums_of(receipt)})


@router.get("/{invoice_id}/receipt.pdf")
async def show_receipt_pdf(
    request: Request, invoice_id: str, db: ReadDb, settings: AppSettings, person: Verified
) -> Response:
    """Drawn from our own rows, so that it is there while Stripe is not."""
    receipt = await receipt_of(db, person.id, invoice_id)
    with words_of_reader(request) as words:
        sheet = sheet_of(
            receipt,
            site_name=settings.admit_site_name,
            site_url=settings.public_url,
            money=words["money"],
            day=words["date_text"],
        )
    return Response(
        await run_sync(draw, sheet),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{file_name(receipt)}"'},
    )


def file_name(receipt: Receipt) -> str:
    """Numbers are the seller's to choose; a header takes plain letters."""
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', receipt.number or receipt.id)}.pdf"
