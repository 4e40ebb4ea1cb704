import pytest

from stripe_simulator.cards import CARDS, CardDetails, luhn, refusal
from tests.stripe_simulator.shop import JANUARY_31

NOW = JANUARY_31


@pytest.mark.parametrize("number", sorted(CARDS))
def test_every_test_number_is_a_possible_number(number: str) -> None:
    assert luhn(number)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (CardDetails("4242 4242 4242 4242", 12, 30, "123"), None),
        (CardDetails("4242424242424242", 1, 2026, "123"), None),
        (CardDetails("378282246310005", 12, 2030, "1234"), None),
        (CardDetails("4242424242424241", 12, 2030, "123"), "incorrect_number"),
        (CardDetails("4242", 12, 2030, "123"), "incorrect_number"),
        (CardDetails("4242424242424242", 13, 2030, "123"), "invalid_expiry_month"),
        (CardDetails("4242424242424242", 12, 2025, "123"), "invalid_expiry_year"),
        (CardDetails("4242424242424242", 12, 2077, "123"), "invalid_expiry_year"),
        (CardDetails("4242424242424242", 12, 2030, "12"), "invalid_cvc"),
        (CardDetails("378282246310005", 12, 2030, "123"), "invalid_cvc"),
        (CardDetails("4000000000000002", 12, 2030, "123"), "card_declined"),
        (CardDetails("4000000000000341", 12, 2030, "123"), None),
        (CardDetails("4111111111111111", 12, 2030, "123"), "card_declined"),
    ],
)
def test_a_form_is_refused_for_what_is_wrong_with_it(card: CardDetails, code: str | None) -> None:
    refused = refusal(card, now=NOW)

    assert (refused and refused.code) == code


def test_a_card_of_a_past_month_is_too_old() -> None:
    march = NOW + 40 * 86400

    refused = refusal(CardDetails("4242424242424242", 1, 2026, "123"), now=march)

    assert refused is not None
    assert (refused.code, refused.param) == ("invalid_expiry_month", "exp_month")
