"""A receipt in the words of its reader, ready to be drawn."""

from collections.abc import Callable, Iterator
from datetime import datetime

from admit.billing.ledger.pdf import Sheet
from admit.billing.ledger.views import Receipt, ReceiptLine

Money = Callable[[int, str], str]
Day = Callable[[datetime], str]


def sheet_of(receipt: Receipt, *, site_name: str, site_url: str, money: Money, day: Day) -> Sheet:
    def written(amount: int) -> str:
        return money(amount, receipt.currency)

    def smaller(line: ReceiptLine) -> str:
        return f"{day(line.starts)} to {day(line.ends)}" if line.is_a_period else ""

    return Sheet(
        site_name=site_name,
        title="Receipt" if receipt.paid else "Invoice",
        number=receipt.number or "",
        date=receipt.date,
        facts=list(_facts(receipt, day)),
        lines=[(line.description, smaller(line), written(line.amount)) for line in receipt.lines],
        sums=[(label, written(amount)) for label, amount in sums_of(receipt)],
        moves=[
            (f"{move.what}, {day(move.date)}", written(move.amount)) for move in receipt.payments
        ],
        foot=f"{site_name} · {site_url}",
    )


def _facts(receipt: Receipt, day: Day) -> Iterator[tuple[str, str]]:
    if receipt.number:
        yield "Number", receipt.number
    yield "Date", day(receipt.date)
    yield "Status", receipt.words
    if receipt.reverse_charge:
        yield "Tax", "Reverse charge: to be paid by the buyer"
    yield "For", f"{receipt.buyer_name}\n{receipt.buyer_email}".strip()


def sums_of(receipt: Receipt) -> Iterator[tuple[str, int]]:
    """What the lines add up to; the last is the total."""
    if receipt.discount or receipt.tax:
        yield "Subtotal", receipt.subtotal
    if receipt.discount:
        yield "Discount", -receipt.discount
    if receipt.tax:
        yield "Tax, included" if receipt.tax_is_included else "Tax", receipt.tax
    yield "Total", receipt.total
