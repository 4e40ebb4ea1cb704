"""The hosted page of an invoice: `/i/{invoice_id}`, its button and its PDF."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.checkout import Challenged, Declined, NotOpen, Paid
from stripe_simulator.hosted import invoice as hosted
from stripe_simulator.hosted.credit_note import view_credit_note
from stripe_simulator.hosted.invoice import InvoiceView
from stripe_simulator.money import display
from stripe_simulator.pages.card_form import (
    INCOMPLETE,
    REFUSED,
    simulator_of,
    typed,
    with_test_card,
)
from stripe_simulator.pages.challenge import problem_from
from stripe_simulator.pages.entry import Entry, Problems, entry_from, problems_of
from stripe_simulator.pages.invoice_pdf import credit_note_pdf, invoice_pdf
from stripe_simulator.pages.offer import day
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import notice, page, security_headers
from stripe_simulator.pages.test_cards import OFFERED

STATES = {
    "open": "To be paid",
    "paid": "Paid",
    "void": "Void: nothing is owed",
    "uncollectible": "Written off",
}


async def show(request: Request) -> Response:
    view = _view(request)
    return _page(view, Entry(), problem_from(request), title=REFUSED) if view else _unknown()


async def submit(request: Request) -> Response:
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None:
        return _unknown()
    entry = entry_from(await typed(request))
    problems = problems_of(entry, email_is_known=True)
    if problems and view.status == "open":
        return _page(view, entry.without_secrets(), problems, title=INCOMPLETE, status=422)
    if view.status != "open":
        return _back(view)
    return _outcome(request, view, entry)


def _outcome(request: Request, view: InvoiceView, entry: Entry) -> Response:
    match hosted.pay(simulator_of(request).store, view.id, card=entry.card()):
        case Paid() | NotOpen():
            return _back(view)
        case Challenged(url=url):
            return RedirectResponse(url, status_code=303)
        case Declined(message=message, param=param):
            problems = {param or "number": message}
            return _page(view, entry.without_secrets(), problems, title=REFUSED, status=402)
        case None:
            return _unknown()


async def fill_test_card(request: Request) -> Response:
    """Changes nothing: the form comes back with the card filled in."""
    if not is_our_own_form(request, base_url=simulator_of(request).base_url):
        return refused()
    view = _view(request)
    if view is None:
        return _unknown()
    entry, filled = with_test_card(request, await typed(request))
    return _page(view, entry, filled=filled)


async def pdf(request: Request) -> Response:
    view = _view(request)
    if view is None:
        return _unknown()
    headers = security_headers() | {
        "Content-Disposition": f'attachment; filename="Invoice-{view.number}.pdf"'
    }
    return Response(invoice_pdf(view), media_type="application/pdf", headers=headers)


async def credit_note(request: Request) -> Response:
    note = view_credit_note(simulator_of(request).store, request.path_params["note_id"])
    if note is None:
        return _unknown()
    headers = security_headers() | {
        "Content-Disposition": f'attachment; filename="{note.number}.pdf"'
    }
    return Response(credit_note_pdf(note), media_type="application/pdf", headers=headers)


def _page(
    view: InvoiceView,
    entry: Entry,
    problems: Problems | None = None,
    *,
    title: str = "",
    filled: str | None = None,
    status: int = 200,
) -> Response:
    return page(
        "invoice.html",
        status=status,
        action=f"/i/{view.id}",
        view=view,
        state=STATES[view.status],
        money=lambda amount: display(amount, view.currency),
        day=day,
        entry=entry,
        problems=problems or {},
        problem_title=title,
        filled=filled,
        test_cards=OFFERED,
    )


def _back(view: InvoiceView) -> Response:
    return RedirectResponse(f"/i/{view.id}", status_code=303)


def _unknown() -> Response:
    return notice(
        heading="There is no such invoice",
        text="The address may be cut off, or the invoice is still being written.",
        status=404,
        mark="?",
        link="/",
        link_text="What this simulator is",
    )


def _view(request: Request) -> InvoiceView | None:
    return hosted.view_invoice(simulator_of(request).store, request.path_params["invoice_id"])
