"""What became of an invoice's money, as tables of cases; amounts in cents."""

from datetime import UTC, datetime

import pytest

from admit.billing.invoices.lines import Line, covers
from admit.billing.invoices.standing import (
    Movement,
    Standing,
    refunded,
    standing_of,
    taken_back_at,
)


def june(day: int) -> datetime:
    return datetime(2026, 6, day, tzinfo=UTC)


def payment(status: str) -> Movement:
    return Movement("payment", status, 1200, june(1))


def refund(amount: int, day: int, status: str = "succeeded") -> Movement:
    return Movement("refund", status, amount, june(day))


def dispute(status: str, amount: int = 1200, day: int = 9) -> Movement:
    return Movement("dispute", status, amount, june(day))


@pytest.mark.parametrize(
    ("paid", "movements", "when_disputed", "expected"),
    [
        pytest.param(1200, [], False, None, id="nothing went back"),
        pytest.param(1200, [refund(1200, 5)], False, june(5), id="all of it"),
        pytest.param(1200, [refund(1200, 5, "pending")], False, june(5), id="all is on its way"),
        pytest.param(1200, [refund(1200, 5, "failed")], False, None, id="it came back"),
        pytest.param(1200, [refund(1200, 5, "canceled")], False, None, id="it never left"),
        pytest.param(1200, [refund(1199, 5)], False, None, id="all but a cent"),
        pytest.param(1200, [refund(700, 8), refund(500, 5)], False, june(8), id="in two parts"),
        pytest.param(0, [refund(1200, 5)], False, None, id="it cost nothing"),
        pytest.param(1200, [dispute("needs_response")], False, None, id="disputed"),
        pytest.param(1200, [dispute("needs_response")], True, june(9), id="closed when opened"),
        pytest.param(1200, [dispute("under_review")], True, june(9), id="answered meanwhile"),
        pytest.param(1200, [dispute("warning_needs_response")], True, None, id="a mere inquiry"),
        pytest.param(1200, [dispute("lost")], False, june(9), id="lost"),
        pytest.param(1200, [dispute("appeal_under_review")], False, june(9), id="lost so far"),
        pytest.param(1200, [dispute("won")], True, None, id="won"),
        pytest.param(1200, [dispute("lost", 300)], False, None, id="lost in part"),
        pytest.param(
            1200, [dispute("lost", 700), refund(500, 3)], False, june(9), id="refunded and lost"
        ),
        pytest.param(1200, [payment("succeeded")], False, None, id="paying takes nothing back"),
    ],
)
def test_all_that_was_paid_is_gone_or_not(
    paid: int, movements: list[Movement], when_disputed: bool, expected: datetime | None
) -> None:
    assert taken_back_at(paid, movements, when_disputed=when_disputed) == expected


@pytest.mark.parametrize(
    ("status", "attempts", "movements", "expected"),
    [
        ("draft", 0, [], Standing.draft),
        ("open", 0, [], Standing.pending),
        ("open", 1, [payment("failed")], Standing.failed),
        ("open", 0, [payment("failed")], Standing.failed),
        ("open", 2, [payment("failed"), payment("pending")], Standing.pending),
        ("paid", 1, [payment("succeeded")], Standing.paid),
        ("paid", 1, [refund(500, 5)], Standing.partly_refunded),
        ("paid", 1, [refund(500, 5), refund(700, 6)], Standing.refunded),
        ("paid", 1, [refund(500, 5), refund(700, 6, "failed")], Standing.partly_refunded),
        ("paid", 1, [refund(1200, 5, "failed")], Standing.paid),
        ("paid", 1, [refund(500, 5), dispute("needs_response", 700)], Standing.disputed),
        ("paid", 1, [dispute("lost")], Standing.disputed),
        ("paid", 1, [dispute("won")], Standing.paid),
        ("paid", 1, [dispute("warning_closed")], Standing.paid),
        ("void", 1, [payment("failed")], Standing.void),
        ("uncollectible", 4, [payment("failed")], Standing.uncollectible),
    ],
)
def test_an_invoice_stands_in_one_word(
    status: str, attempts: int, movements: list[Movement], expected: Standing
) -> None:
    told = standing_of(status, paid=1200, attempts=attempts, movements=movements)

    assert told == expected


def test_what_was_given_back_counts_without_what_came_back() -> None:
    movements = [
        refund(500, 5),
        refund(300, 6, "failed"),
        refund(200, 7, "pending"),
        dispute("won"),
    ]

    assert refunded(movements) == 700


def test_each_item_is_covered_by_its_own_lines_and_prorations_pay_nothing_ahead() -> None:
    def line(ends: int, item: str | None) -> Line:
        return Line(description=None, quantity=1, amount=1200, starts=0, ends=ends, item=item)

    monthly, yearly, proration = line(30, "si_month"), line(365, "si_year"), line(999, None)

    assert covers([monthly, yearly, line(20, "si_month"), proration]) == {
        "si_month": 30,
        "si_year": 365,
    }
