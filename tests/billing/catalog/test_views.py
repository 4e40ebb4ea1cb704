"""What plans open together: a table of cases."""

import pytest

from admit.billing.catalog.views import most_generous, period_in_words

Limits = dict[str, int | None]


@pytest.mark.parametrize(
    ("limits", "together"),
    [
        ([], {}),
        ([{"projects": 5, "exports": None}], {"projects": 5, "exports": None}),
        ([{"projects": 5}, {"projects": 100}], {"projects": 100}),
        ([{"projects": 100}, {"projects": 5}], {"projects": 100}),
        ([{"projects": None}, {"projects": 5}], {"projects": None}),
        ([{"projects": 5}, {"projects": None}], {"projects": None}),
        ([{"projects": 5}, {"exports": 2}], {"projects": 5, "exports": 2}),
    ],
)
def test_of_two_limits_the_more_generous_one_counts(limits: list[Limits], together: Limits) -> None:
    assert most_generous(limits) == together


def test_a_period_reads_like_a_sentence() -> None:
    assert period_in_words("month", 1) == "a month"
    assert period_in_words("month", 3) == "every 3 months"
