"""docs.stripe.com/billing/subscriptions/trials: trials that begin without a payment method."""

from typing import Any

import pytest

from tests.stripe_simulator.shop import DAY, GOOD, HOUR, JANUARY_31, Shop, period
from tests.stripe_simulator.worked import customer, price, start, use_card

TRIAL_END = JANUARY_31 + 14 * DAY


def trial(shop: Shop, behavior: str) -> Any:
    return start(
        shop,
        price(shop, 1200),
        customer=customer(shop, card=None),
        trial_period_days=14,
        trial_settings={"end_behavior": {"missing_payment_method": behavior}},
    )


def test_without_a_card_the_subscription_ends_with_the_trial(shop: Shop) -> None:
    subscription = trial(shop, "cancel")

    told = shop.advance(to=TRIAL_END)

    assert told[-1] == "customer.subscription.deleted"
    assert shop.subscription(subscription.id).status == "canceled"
    assert len(shop.invoices(subscription=subscription.id)) == 1


def test_without_a_card_the_subscription_pauses_with_the_trial_and_goes_on_with_one(
    shop: Shop,
) -> None:
    subscription = trial(shop, "pause")

    told = shop.advance(to=TRIAL_END)
    paused = shop.subscription(subscription.id)
    shop.advance(seconds=40 * DAY)
    use_card(shop, subscription.customer, GOOD)
    resumed = shop.stripe.subscriptions.resume(subscription.id)

    assert told[-1] == "customer.subscription.paused"
    assert paused.status == "paused"
    assert paused.status_details.paused.subscription.type == "trial_end_without_payment_method"
    assert resumed.status == "active"
    assert period(resumed)[0] == TRIAL_END + 40 * DAY
    assert [i.amount_paid for i in shop.invoices(subscription=subscription.id)] == [0, 1200]


def test_without_a_card_an_invoice_is_made_and_stays_unpaid(shop: Shop) -> None:
    subscription = trial(shop, "create_invoice")

    shop.advance(to=TRIAL_END + HOUR)

    invoice = shop.invoices(subscription=subscription.id)[-1]
    assert shop.subscription(subscription.id).status == "past_due"
    assert (invoice.status, invoice.amount_remaining) == ("open", 1200)


@pytest.mark.parametrize("behavior", ["cancel", "pause", "create_invoice"])
def test_with_a_card_a_trial_becomes_paid_whatever_was_to_happen_without(
    shop: Shop, behavior: str
) -> None:
    subscription = trial(shop, behavior)
    use_card(shop, subscription.customer, GOOD)

    shop.advance(to=TRIAL_END + HOUR)

    assert shop.subscription(subscription.id).status == "active"
    assert shop.invoices(subscription=subscription.id)[-1].amount_paid == 1200


def test_somebody_begins_a_trial_on_the_page_without_a_card(shop: Shop) -> None:
    # docs.stripe.com/payments/checkout/free-trials: payment_method_collection=if_required.
    session = shop.session(
        price(shop, 1200),
        payment_method_collection="if_required",
        subscription_data={
            "trial_period_days": 14,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        },
    )
    path = f"/c/pay/{session.id}"

    page = shop.http.get(path).text
    nobody = shop.http.post(path, data={"email": ""})
    begun = shop.http.post(path, data={"email": "ada@example.com"})

    done = shop.stripe.checkout.sessions.retrieve(session.id)
    subscription = shop.subscription(done.subscription)
    assert "Card number" not in page
    assert (nobody.status_code, begun.status_code) == (422, 303)
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    assert (subscription.status, subscription.default_payment_method) == ("trialing", None)
    assert shop.stripe.customers.retrieve(done.customer).email == "ada@example.com"


def test_a_card_is_asked_for_when_something_is_due(shop: Shop) -> None:
    session = shop.session(price(shop, 1200), payment_method_collection="if_required")

    assert "Card number" in shop.http.get(f"/c/pay/{session.id}").text
