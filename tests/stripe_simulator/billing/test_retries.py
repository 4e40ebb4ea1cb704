"""docs.stripe.com/billing/revenue-recovery/smart-retries: a schedule, and what follows it."""

from typing import Any

import pytest

from tests.stripe_simulator.shop import DAY, FAILS_LATER, HOUR, Shop
from tests.stripe_simulator.worked import price, start


def failing(shop: Shop) -> Any:
    return start(shop, price(shop, 1000), card=FAILS_LATER)


def choose(shop: Shop, days: list[int], then: str) -> None:
    answer = shop.http.post("/_control/retries", json={"days": days, "then": then})
    assert answer.json() == {"days": days, "then": then}


def renewal_fails(shop: Shop) -> None:
    shop.advance(seconds=28 * DAY + HOUR)


def test_the_schedule_is_the_one_that_was_chosen(shop: Shop) -> None:
    choose(shop, [1, 2], "cancel")
    subscription = failing(shop)
    renewal_fails(shop)

    states = []
    for _ in range(4):
        states.append(shop.subscription(subscription.id).status)
        shop.advance(seconds=DAY)

    invoice = shop.invoices(subscription=subscription.id)[-1]
    assert states == ["past_due", "past_due", "past_due", "canceled"]
    assert invoice.attempt_count == 3


@pytest.mark.parametrize("then", ["unpaid", "past_due"])
def test_after_the_last_try_a_subscription_may_wait(shop: Shop, then: str) -> None:
    choose(shop, [1], then)
    subscription = failing(shop)
    renewal_fails(shop)

    shop.advance(seconds=2 * DAY)

    invoice = shop.invoices(subscription=subscription.id)[-1]
    assert shop.subscription(subscription.id).status == then
    assert (invoice.status, invoice.next_payment_attempt) == ("open", None)


def test_the_invoices_of_an_unpaid_subscription_stay_drafts(shop: Shop) -> None:
    choose(shop, [], "unpaid")
    subscription = failing(shop)
    renewal_fails(shop)

    shop.advance(seconds=40 * DAY)

    last = shop.invoices(subscription=subscription.id)[-1]
    assert shop.subscription(subscription.id).status == "unpaid"
    assert (last.status, last.auto_advance) == ("draft", False)


def test_a_paid_invoice_makes_an_unpaid_subscription_active(shop: Shop) -> None:
    choose(shop, [], "unpaid")
    subscription = failing(shop)
    renewal_fails(shop)
    invoice = shop.invoices(subscription=subscription.id)[-1]

    shop.stripe.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    assert shop.subscription(subscription.id).status == "active"


def test_an_impossible_schedule_is_refused(shop: Shop) -> None:
    for wrong in ({"days": [0]}, {"days": [1] * 9}, {"days": "1"}, {"then": "forget"}):
        assert shop.http.post("/_control/retries", json=wrong).status_code == 400
    assert shop.http.get("/_control/retries").json() == {"days": [3, 5, 7], "then": "cancel"}
