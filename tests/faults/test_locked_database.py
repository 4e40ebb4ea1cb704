"""Somebody holds the database: people are told, nothing is half-done, and it heals."""

import threading
import time

import pytest

from tests.faults.agreement import assert_nothing_is_lost_and_nothing_done_twice
from tests.faults.ground import Ground
from tests.faults.trouble import database_is_locked
from tests.journeys.road import Traveller

pytestmark = pytest.mark.parametrize("impatient", ["sqlite", "postgresql"], indirect=True)

SLOW = 3.0
"""Seconds in which the lock comes; the site waits for six."""


def test_ada_is_told_that_nothing_was_changed_and_pays_when_the_lock_is_gone(
    impatient: Ground,
) -> None:
    with impatient.running() as ada:
        with database_is_locked(impatient):
            assert (ada.opens("/account"), ada.opens("/premium")) == (200, 403)
            ada.goes("/pricing?plan=pro-monthly").presses("Continue to payment")
            assert_she_is_told(ada)
        assert impatient.stripe.all("/v1/customers") == []

        she_pays_after_all(impatient)


def test_a_lock_that_comes_while_stripe_is_asked_leaves_one_session_not_two(
    impatient: Ground,
) -> None:
    with impatient.running() as ada:
        ada.goes("/pricing?plan=pro-monthly")
        impatient.stripe.breaks("slow", count=1, seconds=SLOW, path="/v1/checkout/sessions")
        click = threading.Thread(target=ada.presses, args=("Continue to payment",))
        click.start()
        while impatient.stripe.get("/_control/faults")["faults"]:
            time.sleep(0.01)
        with database_is_locked(impatient):
            click.join()
        assert_she_is_told(ada)

        she_pays_after_all(impatient)
        assert len(impatient.stripe.all("/v1/checkout/sessions")) == 1


def test_what_stripe_tells_meanwhile_is_not_taken_and_told_again(impatient: Ground) -> None:
    with impatient.running(), impatient.no_webhooks():
        impatient.pays(impatient.opens_the_payment_page())
        known = impatient.books.events_of_stripe()

        with database_is_locked(impatient):
            impatient.resume_webhooks()
            wait_for_a_refusal(impatient)
            assert statuses_of_attempts(impatient) == {503}
            assert impatient.books.events_of_stripe() == known

        impatient.deliver_again()
        impatient.waits()
        assert_nothing_is_lost_and_nothing_done_twice(impatient)


def assert_she_is_told(ada: Traveller) -> None:
    assert (ada.status, ada.heading) == (503, "Not available right now")
    assert ada.says("Nothing was changed.")
    assert ada.answer.headers["retry-after"] == "30"


def she_pays_after_all(ground: Ground) -> None:
    ground.pays(ground.opens_the_payment_page())
    ground.waits()
    assert_nothing_is_lost_and_nothing_done_twice(ground)


def wait_for_a_refusal(ground: Ground) -> None:
    while not statuses_of_attempts(ground):
        time.sleep(0.05)


def statuses_of_attempts(ground: Ground) -> set[int | None]:
    deliveries = ground.stripe.get("/_control/deliveries")["deliveries"]
    pending = [each for each in deliveries if each["status"] == "pending"]
    return {attempt["status"] for each in pending for attempt in each["attempts"]}
