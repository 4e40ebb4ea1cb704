from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
import stripe

from tests.stripe_simulator.shop import (
    DAY,
    DECLINED,
    FAILS_LATER,
    HOUR,
    JANUARY_31,
    POOR,
    Shop,
    period,
    seconds,
)


def test_a_customer_subscribes_and_everything_refers_to_everything(shop: Shop) -> None:
    price = shop.monthly(1200)
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    session = shop.session(
        price,
        customer=customer.id,
        client_reference_id="user-1",
        metadata={"plan": "pro"},
        subscription_data={"metadata": {"user": "1"}},
        quantity=3,
    )

    answer = shop.pay(session.id)

    assert answer.json() == {"redirect": f"https://shop.example/back?session={session.id}"}
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    subscription = shop.stripe.subscriptions.retrieve(
        done.subscription, {"expand": ["latest_invoice.payments", "default_payment_method"]}
    )
    invoice = subscription.latest_invoice
    payment = invoice.payments.data[0]
    intent = shop.stripe.payment_intents.retrieve(
        payment.payment.payment_intent, {"expand": ["latest_charge"]}
    )
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert (done.amount_total, done.currency, done.customer) == (3600, "eur", customer.id)
    assert (done.client_reference_id, done.metadata["plan"]) == ("user-1", "pro")
    assert (done.invoice, done.customer_details.email) == (invoice.id, "ada@example.com")
    assert [line.quantity for line in done.line_items.data] == [3]
    assert (subscription.status, subscription.metadata["user"]) == ("active", "1")
    assert subscription.billing_mode.type == "flexible"
    assert subscription.default_payment_method.card.last4 == "4242"
    assert period(subscription) == (JANUARY_31, seconds("2026-02-28 10:00"))
    assert (invoice.status, invoice.amount_paid, invoice.total) == ("paid", 3600, 3600)
    assert invoice.billing_reason == "subscription_create"
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert invoice.parent.subscription_details.metadata["user"] == "1"
    line = invoice.lines.data[0]
    assert (line.amount, line.quantity, line.pricing.price_details.price) == (3600, 3, price)
    assert line.parent.subscription_item_details.subscription == subscription.id
    assert (payment.status, payment.amount_paid) == ("paid", 3600)
    assert (intent.status, intent.amount_received, intent.customer) == (
        "succeeded",
        3600,
        customer.id,
    )
    assert (intent.latest_charge.paid, intent.latest_charge.amount) == (True, 3600)


def test_a_paid_checkout_sends_its_events_in_order(shop: Shop) -> None:
    subscription = shop.subscribed()

    events = [event.type for event in shop.events()]
    first, last = shop.events("customer.subscription.created", "customer.subscription.updated")

    assert events == [
        "customer.created",
        "product.created",
        "price.created",
        "payment_method.attached",
        "customer.subscription.created",
        "customer.updated",
        "invoice.created",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
        "checkout.session.completed",
    ]
    assert first.data.object.status == "incomplete"
    assert last.data.object.status == "active"
    assert last.data.previous_attributes.to_dict() == {"status": "incomplete"}
    assert last.data.object.id == subscription.id
    assert last.created == JANUARY_31


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        (DECLINED, "card_declined", "generic_decline"),
        (POOR, "card_declined", "insufficient_funds"),
        ("4000000000000069", "expired_card", "expired_card"),
        ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
        ("4000000000000119", "processing_error", "processing_error"),
        (FAILS_LATER, "card_declined", "generic_decline"),
        ("4242424242424241", "incorrect_number", None),
    ],
)
def test_a_declined_card_leaves_the_session_open_and_can_be_tried_again(
    shop: Shop, card: str, code: str, decline_code: str | None
) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    session = shop.session(shop.monthly(), customer=customer.id)

    refused = shop.pay(session.id, card)
    open_still = shop.stripe.checkout.sessions.retrieve(session.id).status
    paid = shop.pay(session.id)

    assert refused.status_code == 402
    assert refused.json()["error"]["code"] == code
    assert refused.json()["error"]["decline_code"] == decline_code
    assert open_still == "open"
    assert paid.status_code == 200
    assert len(shop.stripe.subscriptions.list({"customer": customer.id}).data) == 1


def test_a_second_press_of_the_button_buys_nothing(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    session = shop.session(shop.monthly(), customer=customer.id)
    shop.pay(session.id)

    again = shop.pay(session.id)

    assert again.status_code == 409
    assert again.json()["redirect"] == f"https://shop.example/back?session={session.id}"
    assert len(shop.stripe.subscriptions.list({"customer": customer.id}).data) == 1


def test_a_guest_pays_once_and_failed_attempts_share_the_intent(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Book"})
    price = shop.stripe.prices.create(
        {"product": product.id, "currency": "jpy", "unit_amount": 950}
    )
    session = shop.session(price.id, mode="payment", quantity=2)

    shop.pay(session.id, POOR, email="bob@example.com")
    shop.pay(session.id, email="bob@example.com", name="Bob")

    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    charges = shop.stripe.charges.list({"payment_intent": done.payment_intent.id}).data
    assert (done.customer, done.customer_details.email) == (None, "bob@example.com")
    assert (done.payment_intent.amount_received, done.payment_intent.currency) == (1900, "jpy")
    assert [charge.status for charge in charges] == ["succeeded", "failed"]
    assert charges[1].failure_code == "card_declined"


def test_a_session_without_a_customer_makes_one_and_keeps_it(shop: Shop) -> None:
    session = shop.session(shop.monthly(), customer_email="new@example.com")

    shop.pay(session.id, name="Newcomer")

    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["customer"]})
    assert (done.customer.email, done.customer.name) == ("new@example.com", "Newcomer")


def test_a_session_expires_after_a_day_and_takes_no_payment(shop: Shop) -> None:
    session = shop.session(shop.monthly())

    before = shop.advance(seconds=DAY - 1)
    at_the_end = shop.advance(seconds=1)

    assert (before, at_the_end) == ([], ["checkout.session.expired"])
    assert shop.stripe.checkout.sessions.retrieve(session.id).status == "expired"
    assert shop.pay(session.id).json()["redirect"] == "https://shop.example/pricing"


def test_a_shop_closes_a_session_by_hand_once(shop: Shop) -> None:
    session = shop.session(shop.monthly(), expires_at=JANUARY_31 + HOUR)

    closed = shop.stripe.checkout.sessions.expire(session.id)

    assert closed.status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match='status of "expired"'):
        shop.stripe.checkout.sessions.expire(session.id)


def test_responses_carry_simulated_time(shop: Shop) -> None:
    shop.advance_to("2026-03-01 00:00")

    answer = shop.http.get("/v1/account", headers={"authorization": "Bearer sk_test_x"})

    assert parsedate_to_datetime(answer.headers["date"]) == datetime(2026, 3, 1, tzinfo=UTC)
    assert shop.stripe.customers.create({}).created == seconds("2026-03-01 00:00")
