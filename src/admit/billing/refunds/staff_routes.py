"""The page on which staff sees what somebody has bought, and gives money back."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from admit.accounts.deps import RecentlyProved, Staff
from admit.accounts.people.service import find_person
from admit.billing.answers import unavailable
from admit.billing.deps import AppBilling
from admit.billing.gateway import GatewayUnavailable
from admit.billing.invoices.errors import UnknownInvoice
from admit.billing.invoices.models import Invoice
from admit.billing.ledger.service import ledger_of
from admit.billing.refunds.forms import RefundForm
from admit.billing.refunds.ordering import Ask, refund_invoice
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.ids import new_id

router = APIRouter()
PAGE = "/admin/payments"


@dataclass
class Till:
    """What the page is made with."""

    request: Request
    person: Staff
    billing: AppBilling

    async def shows(
        self,
        email: str,
        *,
        before: str = "",
        invoice_id: str = "",
        form: RefundForm | None = None,
        errors: dict[str, str] | None = None,
    ) -> Response:
        """`errors` are those of the form of that invoice."""
        problems, ledger = dict(errors or {}), None
        async with self.billing.database.read() as db:
            found = await find_person(db, email, now=self.billing.clock.wall()) if email else None
            if found is not None:
                ledger = await ledger_of(db, found.user.id, before=before or None)
            elif email:
                problems["email"] = "Nobody here has this address."
        context = {
            "email": found.user.email if found else email,
            "entries": ledger.entries if ledger else None,
            "older": ledger.older if ledger else None,
            "chosen": invoice_id,
            "form": (form or RefundForm()).model_dump(),
            "ask": new_id("ask"),
            "errors": problems,
        }
        status = 422 if problems else 200
        return page(self.request, "billing/staff_payments.html", context, status=status)


AppTill = Annotated[Till, Depends(Till)]


@router.get(PAGE)
async def show_payments(
    till: AppTill,
    email: Annotated[str, Query(max_length=320)] = "",
    before: Annotated[str, Query(max_length=255)] = "",
) -> Response:
    return await till.shows(email, before=before)


@router.post(f"{PAGE}/{{invoice_id}}/refund")
async def submit_refund(
    till: AppTill,
    invoice_id: str,
    form: Annotated[RefundForm, Form()],
    _proved: RecentlyProved,
) -> Response:
    """Raises `UnknownInvoice`, `NothingToRefund`, `RefundRefused`."""
    billing = till.billing
    async with billing.database.read() as db:
        invoice = await db.get(Invoice, invoice_id)
    if invoice is None:
        raise UnknownInvoice
    try:
        wish = form.checked(invoice.currency)
        ask = Ask(
            invoice_id=invoice_id,
            amount=wish.amount,
            reason=wish.reason,
            id=form.ask or new_id("ask"),
            by=till.person.id,
        )
        await refund_invoice(billing, ask)
    except InvalidInput as wrong:
        return await till.shows(
            form.email, invoice_id=invoice_id, form=form, errors=of_form(invoice_id, wrong)
        )
    except GatewayUnavailable as error:
        return unavailable(till.request, error, retry_url=page_of(form.email))
    return go_to(till.request, page_of(form.email), say="The money is on its way back.")


def of_form(invoice_id: str, wrong: InvalidInput) -> dict[str, str]:
    """Each invoice on the page has a form of its own."""
    return {f"{name}-{invoice_id}": sentence for name, sentence in wrong.errors.items()}


def page_of(email: str) -> str:
    return f"{PAGE}?{urlencode({'email': email})}"
