from decimal import Decimal

import pytest

from stripe_simulator.money import decimal_text, decimals, display, times


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1200, "eur", "€ 12.00"),
        (1200, "jpy", "¥ 1,200"),
        (1250, "kwd", "KWD 1.250"),
        (5, "usd", "$ 0.05"),
        (0, "gbp", "£ 0.00"),
        (123456789, "usd", "$ 1,234,567.89"),
    ],
)
def test_amounts_are_shown_in_the_units_of_their_currency(
    amount: int, currency: str, text: str
) -> None:
    assert display(amount, currency) == text


def test_currencies_have_none_two_or_three_decimals() -> None:
    assert [decimals(code) for code in ("jpy", "eur", "bhd")] == [0, 2, 3]


@pytest.mark.parametrize(
    ("unit", "quantity", "amount"), [("1.5", 3, 5), ("0.5", 1, 1), ("0.4", 1, 0), ("12", 10, 120)]
)
def test_a_fraction_is_rounded_half_up_after_multiplying(
    unit: str, quantity: int, amount: int
) -> None:
    assert times(Decimal(unit), quantity) == amount


def test_decimals_are_written_without_needless_zeros() -> None:
    assert [decimal_text(Decimal(text)) for text in ("1200", "0.750", "12.0")] == [
        "1200",
        "0.75",
        "12",
    ]
