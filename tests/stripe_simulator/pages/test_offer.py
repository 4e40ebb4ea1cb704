"""What the page says, worked out from plain values."""

from dataclasses import replace

import pytest

from stripe_simulator.checkout import LineView, SessionView, TrialView
from stripe_simulator.pages.entry import Entry, problems_of
from stripe_simulator.pages.offer import Later, every, offer_of

PRO = LineView("Pro", None, 1, 1200, 1200, "month", 1, None)
BOOK = LineView("Book", None, 2, 3000, 6000, None, 1, None)
VIEW = SessionView(
    id="cs_test_1",
    status="open",
    mode="subscription",
    merchant="Shop",
    currency="eur",
    lines=(PRO,),
    due_today=1200,
    due_later=1200,
    trial=None,
    email=None,
    cancel_url=None,
    success_url=None,
    expires_at=0,
    submit_label="Subscribe",
)
TRIAL = replace(VIEW, due_today=0, trial=TrialView(1, 1_796_040_000), submit_label="Start trial")
ONCE = replace(
    VIEW, mode="payment", lines=(BOOK, BOOK), due_today=12000, due_later=None, submit_label="Pay"
)


@pytest.mark.parametrize(
    ("view", "headline", "amount", "rhythm", "button"),
    [
        (VIEW, "Subscribe to Pro", "€ 12.00", "per month", "Subscribe"),
        (TRIAL, "Try Pro", "1 day free", "then € 12.00 per month", "Start trial"),
        (ONCE, "Pay Shop", "€ 120.00", None, "Pay € 120.00"),
        (
            replace(VIEW, lines=(PRO, PRO, PRO)),
            "Subscribe to Pro and 2 more",
            "€ 12.00",
            "per month",
            "Subscribe",
        ),
        (replace(ONCE, currency="jpy"), "Pay Shop", "¥ 12,000", None, "Pay ¥ 12,000"),
    ],
)
def test_the_first_words(
    view: SessionView, headline: str, amount: str, rhythm: str | None, button: str
) -> None:
    offer = offer_of(view)

    assert (offer.headline, offer.amount, offer.rhythm, offer.button) == (
        headline,
        amount,
        rhythm,
        button,
    )


def test_what_comes_later_is_said_only_when_it_differs() -> None:
    assert offer_of(VIEW).later is None
    assert offer_of(TRIAL).later == Later("From 30 November 2026, per month", "€ 12.00")
    assert offer_of(ONCE).later is None


def test_intervals_are_read_as_people_say_them() -> None:
    assert [every("month", 1), every("month", 3), every("year", 2)] == [
        "per month",
        "every 3 months",
        "every 2 years",
    ]


FULL = Entry("ada@example.test", "4242424242424242", "4", "34", "123", "Ada")


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (FULL, []),
        (replace(FULL, exp_year="2034"), []),
        (replace(FULL, email="ada"), ["email"]),
        (replace(FULL, email=""), ["email"]),
        (replace(FULL, exp_month="April"), ["exp_month"]),
        (replace(FULL, exp_year="3"), ["exp_year"]),
        (replace(FULL, exp_month="", exp_year=""), ["exp_month"]),
        (Entry(), ["email", "number", "exp_month", "cvc", "name"]),
    ],
)
def test_what_can_be_seen_to_be_wrong(entry: Entry, wrong: list[str]) -> None:
    assert list(problems_of(entry, email_is_known=False)) == wrong


def test_a_known_address_is_not_asked_for() -> None:
    assert problems_of(replace(FULL, email=""), email_is_known=True) == {}
