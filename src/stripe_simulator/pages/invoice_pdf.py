"""An invoice on paper."""

from stripe_simulator.hosted.credit_note import CreditNoteView
from stripe_simulator.hosted.invoice import InvoiceLine, InvoiceView
from stripe_simulator.money import display
from stripe_simulator.pages.offer import day
from stripe_simulator.pages.pdf import BOLD, Page, document

LEFT, RIGHT = 56, 539
LINES_ON_A_PAGE = 16
LONGEST_DESCRIPTION = 62


def invoice_pdf(view: InvoiceView) -> bytes:
    chunks = [
        view.lines[start : start + LINES_ON_A_PAGE]
        for start in range(0, max(len(view.lines), 1), LINES_ON_A_PAGE)
    ]
    pages = [sheet(view, chunk, first=index == 0) for index, chunk in enumerate(chunks)]
    sums(pages[-1], view, y=330 + 24 * len(chunks[-1]))
    return document(pages, title=f"Invoice {view.number}")


def credit_note_pdf(view: CreditNoteView) -> bytes:
    page = Page()
    page.text(LEFT, 40, "SIMULATOR: no real money. This is not a note for anything.", size=9)
    page.text(LEFT, 90, "Credit note", font=BOLD, size=24)
    page.text(LEFT, 130, f"Number {view.number}, of {day(view.issued_at)}")
    page.text(LEFT, 148, f"From {view.merchant}, for invoice {view.invoice_number}")
    page.text(LEFT, 166, f"Status: {view.status}")
    for place, (description, amount) in enumerate(view.lines[:LINES_ON_A_PAGE]):
        page.text(LEFT, 220 + 20 * place, description[:LONGEST_DESCRIPTION])
        page.figures(RIGHT, 220 + 20 * place, display(amount, view.currency))
    end = 230 + 20 * min(len(view.lines), LINES_ON_A_PAGE)
    page.rule(end - 14, left=LEFT, right=RIGHT)
    page.text(LEFT, end + 4, "Total credited", font=BOLD)
    page.figures(RIGHT, end + 4, display(view.total, view.currency))
    return document([page], title=f"Credit note {view.number}")


def sheet(view: InvoiceView, lines: tuple[InvoiceLine, ...], *, first: bool) -> Page:
    page = Page()
    page.text(LEFT, 40, "SIMULATOR: no real money. This is not an invoice for anything.", size=9)
    page.text(LEFT, 90, "Invoice" if first else "Invoice, continued", font=BOLD, size=24)
    facts = {
        "Invoice number": view.number,
        "Date of issue": day(view.issued_at),
        "From": view.merchant,
        "Bill to": view.customer_name or view.customer_email or "",
        "Status": view.status,
    }
    if view.due_at:
        facts["Due"] = day(view.due_at)
    for place, (label, value) in enumerate(facts.items()):
        page.text(LEFT, 130 + 18 * place, label)
        page.text(LEFT + 110, 130 + 18 * place, value, font=BOLD)
    page.text(LEFT, 290, "Description", font=BOLD)
    page.text(RIGHT - 42, 290, "Amount", font=BOLD)
    page.rule(298, left=LEFT, right=RIGHT)
    for place, line in enumerate(lines):
        y = 318 + 24 * place
        page.text(LEFT, y, line.description[:LONGEST_DESCRIPTION])
        page.figures(RIGHT, y, display(line.amount, view.currency))
        page.text(LEFT, y + 11, f"{day(line.start)} to {day(line.end)}", size=8)
    return page


def sums(page: Page, view: InvoiceView, *, y: float) -> None:
    page.rule(y - 16, left=LEFT, right=RIGHT)
    rows = [(one.label, one.amount) for one in view.sums] + [("Amount due", view.amount_remaining)]
    for place, (label, amount) in enumerate(rows):
        font = BOLD if label == "Amount due" else 0
        page.text(RIGHT - 220, y + 18 * place, label, font=font)
        page.figures(RIGHT, y + 18 * place, display(amount, view.currency))
