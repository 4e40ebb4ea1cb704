"""A card that fails: attempts after 3, 5 and 7 more days, then the subscription is over."""

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, FAILS_LATER, HOUR, JANUARY_31, Shop, seconds

END = seconds("2026-02-28 10:00")


def test_a_failing_renewal_is_tried_four_times_and_then_access_is_over(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.next_charge(subscription.customer, "insufficient_funds", times=4)
    attempts = [END + HOUR, END + HOUR + 3 * DAY, END + HOUR + 8 * DAY, END + HOUR + 15 * DAY]

    states = []
    for moment in attempts:
        shop.advance(to=moment)
        invoice = shop.invoices(subscription=subscription.id)[-1]
        states.append(
            (
                shop.subscription(subscription.id).status,
                invoice.attempt_count,
                invoice.next_payment_attempt,
            )
        )

    ended = shop.subscription(subscription.id)
    failed = shop.events("invoice.payment_failed")
    assert states == [
        ("past_due", 1, attempts[1]),
        ("past_due", 2, attempts[2]),
        ("past_due", 3, attempts[3]),
        ("canceled", 4, None),
    ]
    assert [event.created for event in failed] == attempts
    assert ended.cancellation_details.reason == "payment_failed"
    assert shop.stripe.customers.retrieve(subscription.customer).delinquent is True
    assert shop.advance(seconds=100 * DAY) == []


def test_a_retry_that_succeeds_makes_everything_good(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.next_charge(subscription.customer, "generic_decline")
    shop.advance(to=END + HOUR)

    happened = shop.advance(to=END + HOUR + 3 * DAY)

    invoice = shop.invoices(subscription=subscription.id)[-1]
    assert happened == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
        "customer.updated",
    ]
    assert shop.subscription(subscription.id).status == "active"
    assert shop.stripe.customers.retrieve(subscription.customer).delinquent is False
    assert (invoice.attempt_count, invoice.amount_paid) == (2, 1200)


def test_a_failed_attempt_tells_its_code_and_leaves_its_charge(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.next_charge(subscription.customer, "expired_card")
    shop.advance(to=END + HOUR)

    failed = shop.events("payment_intent.payment_failed")[-1].data.object
    charge = shop.stripe.charges.retrieve(failed.latest_charge)

    assert failed.status == "requires_payment_method"
    assert (failed.last_payment_error.code, failed.last_payment_error.charge) == (
        "expired_card",
        charge.id,
    )
    assert (charge.paid, charge.failure_code, charge.outcome.type) == (
        False,
        "expired_card",
        "issuer_declined",
    )


def test_paying_by_hand_with_another_card_ends_the_trouble(shop: Shop) -> None:
    subscription = shop.subscribed(subscription_data={"trial_period_days": 3}, card=FAILS_LATER)
    shop.advance(to=JANUARY_31 + 3 * DAY + HOUR)
    invoice = shop.invoices(subscription=subscription.id)[-1]

    with pytest.raises(stripe.CardError) as refused:
        shop.stripe.invoices.pay(invoice.id)
    paid = shop.stripe.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    assert (refused.value.http_status, refused.value.code) == (402, "card_declined")
    assert refused.value.error is not None
    assert refused.value.error.decline_code == "generic_decline"
    assert (paid.status, paid.attempt_count) == ("paid", 3)
    assert shop.subscription(subscription.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        shop.stripe.invoices.pay(invoice.id)


def test_a_first_payment_that_never_comes_expires_after_23_hours(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"payment_method": "pm_card_chargeCustomerFail"})
    method = shop.stripe.customers.payment_methods.list(customer.id).data[0]
    subscription = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "default_payment_method": method.id,
        }
    )

    before = shop.advance(to=JANUARY_31 + 23 * HOUR - 1)
    after = shop.advance(to=JANUARY_31 + 23 * HOUR)

    assert subscription.status == "incomplete"
    assert before == []
    assert after == [
        "customer.subscription.updated",
        "invoice.updated",
        "invoice.voided",
        "payment_intent.canceled",
    ]
    assert shop.subscription(subscription.id).status == "incomplete_expired"
    assert shop.advance(seconds=60 * DAY) == []


def test_a_subscription_that_may_not_be_incomplete_leaves_nothing(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"payment_method": "pm_card_chargeCustomerFail"})
    method = shop.stripe.customers.payment_methods.list(customer.id).data[0]

    with pytest.raises(stripe.CardError):
        shop.stripe.subscriptions.create(
            {
                "customer": customer.id,
                "items": [{"price": shop.monthly()}],
                "default_payment_method": method.id,
                "payment_behavior": "error_if_incomplete",
            }
        )

    assert shop.stripe.subscriptions.list({"customer": customer.id, "status": "all"}).data == []
    assert shop.invoices(customer=customer.id) == []


def test_a_first_invoice_can_be_paid_by_confirming_its_intent(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})
    subscription = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly(900)}],
            "payment_behavior": "default_incomplete",
            "expand": ["latest_invoice.confirmation_secret"],
        }
    )
    secret = subscription.latest_invoice.confirmation_secret.client_secret
    intent = secret.partition("_secret_")[0]

    confirmed = shop.stripe.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})

    active = shop.subscription(subscription.id)
    assert (subscription.status, subscription.latest_invoice.status) == ("incomplete", "open")
    assert (confirmed.status, confirmed.amount_received) == ("succeeded", 900)
    assert (active.status, active.default_payment_method) == ("active", confirmed.payment_method)


def test_deleting_a_customer_ends_what_they_had(shop: Shop) -> None:
    subscription = shop.subscribed()

    gone = shop.stripe.customers.delete(subscription.customer)

    assert gone.deleted is True
    assert shop.stripe.customers.retrieve(subscription.customer).deleted is True
    assert shop.subscription(subscription.id).status == "canceled"
    assert shop.advance(seconds=60 * DAY) == []
