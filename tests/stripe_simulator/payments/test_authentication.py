"""3-D Secure: cards whose bank wants to see their holder (docs.stripe.com/testing)."""

from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.shop import DAY, HOUR, Shop

ASKS, ALWAYS_ASKS, REQUIRED = "4000002500003155", "4000002760003184", "4000000000003220"
THEN_DECLINED, NEVER_WORKS, THEN_POOR = (
    "4000008400001629",
    "4000008400001280",
    "4000008260003178",
)
RENEWAL = 28 * DAY + 2 * HOUR


def typed(shop: Shop, session: str, card: str) -> str:
    """Where the payment page leads to."""
    answer = shop.http.post(f"/c/pay/{session}", data=ENTRY | {"number": card})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def says(shop: Shop, page: str, answer: str) -> str:
    """Where the bank's page leads to."""
    reply = shop.http.post(urlsplit(page).path, data={"answer": answer})
    assert reply.status_code == 303
    return str(reply.headers["location"])


@pytest.mark.parametrize("card", [ASKS, ALWAYS_ASKS, REQUIRED])
def test_a_buyer_who_approves_has_subscribed(shop: Shop, card: str) -> None:
    session = shop.session(shop.monthly())

    page = typed(shop, session.id, card)
    shown = shop.http.get(urlsplit(page).path)
    end = says(shop, page, "approve")

    assert urlsplit(page).path == f"/c/3ds/{session.id}"
    assert "€ 12.00" in shown.text
    assert f"ending in {card[-4:]}" in shown.text
    assert end == f"https://shop.example/back?session={session.id}"
    done = shop.stripe.checkout.sessions.retrieve(session.id)
    assert (done.status, shop.subscription(done.subscription).status) == ("complete", "active")


def test_a_buyer_who_fails_can_try_another_card(shop: Shop) -> None:
    session = shop.session(shop.monthly())

    end = says(shop, typed(shop, session.id, ASKS), "fail")
    again = shop.http.get(f"{urlsplit(end).path}?{urlsplit(end).query}")

    assert urlsplit(end).path == f"/c/pay/{session.id}"
    assert "unable to authenticate your payment method" in again.text
    assert shop.stripe.subscriptions.list().data == []
    assert typed(shop, session.id, ENTRY["number"]).startswith("https://shop.example/back")


@pytest.mark.parametrize(
    ("card", "message"),
    [(THEN_DECLINED, "Your card was declined."), (THEN_POOR, "Your card has insufficient funds.")],
)
def test_a_card_can_be_refused_after_the_holder_was_seen(
    shop: Shop, card: str, message: str
) -> None:
    session = shop.session(shop.monthly())

    end = says(shop, typed(shop, session.id, card), "approve")
    again = shop.http.get(f"{urlsplit(end).path}?{urlsplit(end).query}")

    assert message in again.text
    assert shop.stripe.checkout.sessions.retrieve(session.id).status == "open"


def test_a_bank_that_cannot_be_asked_is_a_decline(shop: Shop) -> None:
    session = shop.session(shop.monthly())

    answer = shop.http.post(f"/c/pay/{session.id}", data=ENTRY | {"number": NEVER_WORKS})

    assert answer.status_code == 402
    assert "Your card was declined." in answer.text


def test_a_single_payment_tells_each_step(shop: Shop) -> None:
    price = shop.stripe.prices.create(
        {"currency": "eur", "unit_amount": 3000, "product_data": {"name": "Book"}}
    )
    session = shop.session(price.id, mode="payment")

    says(shop, typed(shop, session.id, ASKS), "fail")
    says(shop, typed(shop, session.id, ASKS), "approve")

    assert [event.type for event in shop.events("payment_intent.*")] == []
    told = [one.type for one in shop.events() if one.type.startswith("payment_intent")]
    assert told == [
        "payment_intent.created",
        "payment_intent.requires_action",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
    ]


def test_a_trial_asks_before_it_begins(shop: Shop) -> None:
    session = shop.session(shop.monthly(), subscription_data={"trial_period_days": 14})

    page = typed(shop, session.id, ASKS)
    says(shop, page, "approve")

    done = shop.stripe.checkout.sessions.retrieve(session.id)
    assert shop.subscription(done.subscription).status == "trialing"
    assert "invoice.paid" in shop.advance(seconds=14 * DAY + 2 * HOUR)


def test_a_card_that_was_set_up_renews_without_its_holder(shop: Shop) -> None:
    subscription = subscribed_with(shop, ASKS)

    told = shop.advance(seconds=RENEWAL)

    assert "invoice.paid" in told
    assert shop.subscription(subscription).status == "active"


def test_a_card_that_always_asks_waits_for_its_holder_at_each_renewal(shop: Shop) -> None:
    subscription = subscribed_with(shop, ALWAYS_ASKS)

    told = shop.advance(seconds=RENEWAL)

    begun = told[told.index("invoice.created") :]
    assert [kind for kind in begun if kind.startswith(("payment_intent.", "invoice."))] == [
        "invoice.created",
        "invoice.finalized",
        "payment_intent.created",
        "payment_intent.requires_action",
        "invoice.updated",
        "invoice.payment_action_required",
        "invoice.updated",
        "invoice.payment_failed",
    ]
    assert shop.subscription(subscription).status == "past_due"


def test_the_holder_pays_a_waiting_renewal_on_the_invoice_page(shop: Shop) -> None:
    subscription = subscribed_with(shop, ALWAYS_ASKS)
    shop.advance(seconds=RENEWAL)
    invoice = shop.invoices(subscription=subscription)[-1]
    path = urlsplit(invoice.hosted_invoice_url).path

    answer = shop.http.post(path, data=ENTRY | {"number": ALWAYS_ASKS})
    end = says(shop, answer.headers["location"], "approve")

    assert end == invoice.hosted_invoice_url
    assert shop.stripe.invoices.retrieve(invoice.id).status == "paid"
    assert shop.subscription(subscription).status == "active"


def test_a_holder_who_fails_on_the_invoice_page_sees_why(shop: Shop) -> None:
    subscription = subscribed_with(shop, ALWAYS_ASKS)
    shop.advance(seconds=RENEWAL)
    invoice = shop.invoices(subscription=subscription)[-1]
    path = urlsplit(invoice.hosted_invoice_url).path

    page = shop.http.post(path, data=ENTRY | {"number": ALWAYS_ASKS}).headers["location"]
    end = says(shop, page, "fail")
    again = shop.http.get(f"{path}?{urlsplit(end).query}")

    assert "unable to authenticate your payment method" in again.text
    assert shop.stripe.invoices.retrieve(invoice.id).status == "open"


def test_a_subscription_made_by_the_api_waits_for_the_holder(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    card = shop.stripe.payment_methods.attach(
        "pm_card_authenticationRequired", {"customer": customer.id}
    )
    made = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "default_payment_method": card.id,
            "expand": ["latest_invoice.payments"],
        }
    )
    intent = made.latest_invoice.payments.data[0].payment.payment_intent

    assert made.status == "incomplete"
    assert shop.stripe.payment_intents.retrieve(intent).status == "requires_action"
    assert len(shop.events("invoice.payment_action_required")) == 1
    with pytest.raises(stripe.CardError) as refused:
        shop.stripe.invoices.pay(made.latest_invoice.id)
    assert refused.value.code == "invoice_payment_intent_requires_action"
    shop.http.post(f"/_control/challenges/{intent}", json={"approved": True})
    assert shop.subscription(made.id).status == "active"


def test_a_program_answers_the_bank_through_the_control_api(shop: Shop) -> None:
    waits, fails, pays = (shop.session(shop.monthly()).id for _ in range(3))

    asked = shop.pay(waits, ASKS)
    failed = shop.pay(fails, ASKS, authentication="fail")
    paid = shop.pay(pays, ASKS, authentication="approve")

    assert (asked.status_code, failed.status_code, paid.status_code) == (202, 402, 200)
    assert urlsplit(asked.json()["challenge"]).path == f"/c/3ds/{waits}"
    assert shop.http.post("/_control/challenges/pi_nobody", json={}).status_code == 404


def test_a_planned_challenge_comes_with_any_card(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.next_charge(subscription.customer, "challenge")

    told = shop.advance(seconds=RENEWAL)

    assert "invoice.payment_action_required" in told


def test_nobody_is_asked_twice_and_nobody_else_is_asked(shop: Shop) -> None:
    session = shop.session(shop.monthly())
    page = urlsplit(typed(shop, session.id, ASKS)).path
    says(shop, page, "approve")

    assert shop.http.get(page).status_code == 404
    assert shop.http.post(page, data={"answer": "approve"}).status_code == 404
    assert shop.http.get("/c/3ds/pi_nobody").status_code == 404
    stranger = {"origin": "https://evil.example"}
    assert shop.http.post(page, data={}, headers=stranger).status_code == 403


def subscribed_with(shop: Shop, card: str) -> str:
    session = shop.session(shop.monthly())
    assert shop.pay(session.id, card, authentication="approve").status_code == 200
    return str(shop.stripe.checkout.sessions.retrieve(session.id).subscription)
