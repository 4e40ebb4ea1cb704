"""A receipt in words, and drawn."""

from datetime import UTC, datetime

import pytest

from admit.billing.invoices.standing import Standing
from admit.billing.ledger.paper import sheet_of, sums_of
from admit.billing.ledger.pdf import Sheet, draw
from admit.billing.ledger.views import Receipt, ReceiptLine, ReceiptPayment


def june(day: int) -> datetime:
    return datetime(2026, 6, day, tzinfo=UTC)


def receipt(**change: object) -> Receipt:
    given: dict[str, object] = {
        "id": "in_1",
        "number": "ADA-0001",
        "date": june(1),
        "standing": Standing.partly_refunded,
        "currency": "eur",
        "buyer_name": "Ада Λόβλεϊς",
        "buyer_email": "ada@example.test",
        "lines": [
            ReceiptLine("Pro", 1, 1200, june(1), june(30)),
            ReceiptLine("Setting up", 1, 300, june(1), june(1)),
        ],
        "subtotal": 1500,
        "discount": 0,
        "tax": 0,
        "total": 1500,
        "paid": 1500,
        "refunded": 500,
        "payments": [
            ReceiptPayment(june(1), "Paid with Visa ending in 4242", 1500),
            ReceiptPayment(june(9), "Refunded", -500),
        ],
        "hosted_url": None,
        "pdf_url": None,
    }
    return Receipt(**{**given, **change})  # type: ignore[arg-type]


def sheet(of: Receipt) -> Sheet:
    return sheet_of(
        of,
        site_name="Admit",
        site_url="https://admit.test",
        money=lambda amount, currency: f"{amount / 100:.2f} {currency}",
        day=lambda moment: f"{moment:%d %B}",
    )


def test_a_receipt_says_everything_that_a_bookkeeper_asks_for() -> None:
    told = sheet(receipt())

    assert (told.title, told.number, told.site_name) == ("Receipt", "ADA-0001", "Admit")
    assert told.facts == [
        ("Number", "ADA-0001"),
        ("Date", "01 June"),
        ("Status", "Partly refunded"),
        ("For", "Ада Λόβλεϊς\nada@example.test"),
    ]
    assert told.lines == [
        ("Pro", "01 June to 30 June", "12.00 eur"),
        ("Setting up", "", "3.00 eur"),
    ]
    assert told.sums == [("Total", "15.00 eur")]
    assert told.moves == [
        ("Paid with Visa ending in 4242, 01 June", "15.00 eur"),
        ("Refunded, 09 June", "-5.00 eur"),
    ]


@pytest.mark.parametrize(
    ("change", "sums"),
    [
        # 1500 less 300, and 19 % of 1200 on top: 228.
        (
            {"discount": 300, "tax": 228, "total": 1428},
            [("Subtotal", 1500), ("Discount", -300), ("Tax", 228), ("Total", 1428)],
        ),
        # 19 % within 1500: 1500 - 1500 / 1.19 = 239.50
        (
            {"tax": 240},
            [("Subtotal", 1500), ("Tax, included", 240), ("Total", 1500)],
        ),
    ],
)
def test_the_sums_say_whether_tax_is_within_the_prices(
    change: dict[str, object], sums: list[tuple[str, int]]
) -> None:
    assert list(sums_of(receipt(**change))) == sums


def test_what_was_not_paid_is_no_receipt() -> None:
    assert sheet(receipt(paid=0, refunded=0, payments=[], number=None)).title == "Invoice"


def test_a_receipt_of_many_lines_is_drawn_on_several_pages() -> None:
    words = "A line that goes on for a while, so that it is broken " * 3
    line = ReceiptLine(words, 1, 5, june(1), june(2))

    one, many = draw(sheet(receipt())), draw(sheet(receipt(lines=[line] * 40)))

    assert (one.count(b"/Type /Page\n"), one[:5]) == (1, b"%PDF-")
    assert many.count(b"/Type /Page\n") == 4
    assert one == draw(sheet(receipt()))
