"""Amounts as people type them, and as terminals show them."""

import pytest

from admit.core.money import minor_units, plainly


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12", "eur", 1200),
        ("12.5", "eur", 1250),
        (" 12,50 ", "eur", 1250),
        ("0", "eur", 0),
        ("1200", "jpy", 1200),
        ("1.234", "kwd", 1234),
        ("12.505", "eur", None),
        ("12.5", "jpy", None),
        ("-3", "eur", None),
        ("1e9", "eur", None),
        ("twelve", "eur", None),
        ("", "eur", None),
        ("9" * 13, "eur", None),
    ],
)
def test_what_is_typed_is_read_as_minor_units(
    typed: str, currency: str, amount: int | None
) -> None:
    assert minor_units(typed, currency) == amount


def test_an_amount_is_shown_with_the_decimals_of_its_currency() -> None:
    shown = [plainly(1200, currency) for currency in ("eur", "jpy", "kwd")]

    assert shown == ["12.00", "1200", "1.200"]
