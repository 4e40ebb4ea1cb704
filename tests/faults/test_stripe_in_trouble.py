"""Stripe is down, slow, or answers 500: people are told, nothing is half-done, and it heals."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

import pytest

from tests.faults.agreement import assert_nothing_is_lost_and_nothing_done_twice
from tests.faults.ground import Ground
from tests.faults.trouble import stripe_breaks, stripe_is_down
from tests.journeys.road import Traveller

NOT_CHARGED = "Nothing has been charged and nothing is lost."
NOTED = "What you asked for is noted, and we do it as soon as it answers."
TOO_SLOW = 9.0
"""Seconds; the site waits for six."""

CUSTOMERS, SESSIONS = "/v1/customers", "/v1/checkout/sessions"
TROUBLES: Mapping[str, Callable[[Ground], AbstractContextManager[None]]] = {
    "down": stripe_is_down,
    "slow": partial(stripe_breaks, mode="slow", seconds=TOO_SLOW),
    "answering 500": partial(stripe_breaks, mode="api_500"),
    "losing its answer about the customer": partial(
        stripe_breaks, mode="refuse", path=CUSTOMERS, after=True
    ),
    "losing its answer about the session": partial(
        stripe_breaks, mode="refuse", path=SESSIONS, after=True
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_ada_is_told_that_payments_are_not_available_and_pays_when_they_are(
    impatient: Ground, trouble: str
) -> None:
    with impatient.running() as ada:
        with TROUBLES[trouble](impatient):
            assert (ada.opens("/account"), ada.opens("/premium")) == (200, 403)
            ada.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
            assert_she_is_told(ada)
        assert impatient.stripe.all("/v1/subscriptions", status="all") == []

        ada.follows("Try again").presses("Continue to payment")
        assert ada.path.startswith("/c/pay/")

        impatient.pays(ada.path.rsplit("/", 1)[1])
        impatient.waits()
        assert_nothing_is_lost_and_nothing_done_twice(impatient)


def test_ada_keeps_what_she_has_paid_for_while_stripe_is_down_and_cancels_later(
    impatient: Ground,
) -> None:
    with impatient.running() as ada:
        impatient.pays(impatient.opens_the_payment_page())
        impatient.waits()

        with stripe_is_down(impatient):
            assert (ada.opens("/premium"), ada.plan()) == (200, ("Pro", "Active"))
            ada.cancels()
            assert_she_is_told(ada, NOTED)
            assert ada.plan() == ("Pro", "Active")
            ada.cancels()

        ada.follows("Try again").presses("Cancel Pro")
        assert (ada.path, ada.plan()) == ("/account/billing", ("Pro", "Ends soon"))
        impatient.waits()
        assert impatient.books.mails().count("billing.cancellation") == 1


def test_ada_has_paid_and_is_asked_to_wait_while_stripe_does_not_answer(impatient: Ground) -> None:
    with impatient.running() as ada, impatient.no_webhooks():
        way_back = impatient.pays(impatient.opens_the_payment_page())

        with stripe_breaks(impatient, mode="api_500"):
            ada.goes(way_back)
            assert (ada.status, ada.heading) == (200, "Confirming your payment")
            assert not ada.says("Choose a plan")

        ada.goes(way_back)
        assert (ada.status, ada.heading) == (200, "You are in")
        impatient.resume_webhooks()
        impatient.waits()
        assert_nothing_is_lost_and_nothing_done_twice(impatient)


def assert_she_is_told(ada: Traveller, sentence: str = NOT_CHARGED) -> None:
    assert (ada.status, ada.heading) == (503, "Payments are not available right now")
    assert ada.says(sentence)
    assert ada.answer.headers["retry-after"] == "30"
