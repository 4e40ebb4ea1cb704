"""Payment intents and setup intents through the API."""

from urllib.parse import parse_qs, urlsplit

import pytest
import stripe

from tests.stripe_simulator.shop import Shop

RETURN = "https://shop.example/back"


def declined_by(error: stripe.CardError) -> str | None:
    assert error.error
    return error.error.decline_code


def test_an_intent_is_made_changed_confirmed_and_paid(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})
    intent = shop.stripe.payment_intents.create(
        {"amount": 1000, "currency": "eur", "customer": customer.id, "metadata": {"order": "7"}}
    )
    shop.stripe.payment_intents.update(intent.id, {"amount": 1500, "description": "A book"})
    chosen = shop.stripe.payment_intents.update(intent.id, {"payment_method": "pm_card_visa"})
    paid = shop.stripe.payment_intents.confirm(intent.id)

    assert (intent.status, chosen.status, paid.status) == (
        "requires_payment_method",
        "requires_confirmation",
        "succeeded",
    )
    charge = shop.stripe.charges.retrieve(paid.latest_charge)
    assert (paid.amount_received, charge.amount, charge.description) == (1500, 1500, "A book")
    assert (charge.metadata["order"], charge.captured) == ("7", True)
    assert [event.type for event in shop.events()][-3:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_money_is_held_and_a_part_of_it_taken(shop: Shop) -> None:
    held = shop.stripe.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    taken = shop.stripe.payment_intents.capture(held.id, {"amount_to_capture": 3000})

    assert (held.status, held.amount_capturable, held.amount_received) == (
        "requires_capture",
        5000,
        0,
    )
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 3000)
    charge = shop.stripe.charges.retrieve(taken.latest_charge)
    assert (charge.amount_captured, charge.amount_refunded) == (3000, 2000)
    assert len(shop.events("payment_intent.amount_capturable_updated", "charge.captured")) == 2
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.stripe.payment_intents.capture(held.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_more_than_was_held_cannot_be_taken(shop: Shop) -> None:
    held = shop.stripe.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )

    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.stripe.payment_intents.capture(held.id, {"amount_to_capture": 5001})

    assert refused.value.code == "amount_too_large"


def test_a_held_payment_that_is_canceled_frees_the_card(shop: Shop) -> None:
    held = shop.stripe.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    canceled = shop.stripe.payment_intents.cancel(
        held.id, {"cancellation_reason": "requested_by_customer"}
    )

    assert (canceled.status, canceled.amount_capturable) == ("canceled", 0)
    assert shop.stripe.charges.retrieve(held.latest_charge).refunded is True
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.payment_intents.cancel(held.id)


def test_an_invoice_intent_is_canceled_with_its_invoice_only(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})
    shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "payment_behavior": "default_incomplete",
        }
    )
    intent = shop.stripe.payment_intents.list({"customer": customer.id}).data[0]

    with pytest.raises(stripe.InvalidRequestError, match="belongs to an invoice"):
        shop.stripe.payment_intents.cancel(intent.id)


def test_a_holder_is_sent_to_the_bank_and_back_to_the_shop(shop: Shop) -> None:
    intent = shop.stripe.payment_intents.create(
        {
            "amount": 1000,
            "currency": "eur",
            "payment_method": "pm_card_threeDSecure2Required",
            "confirm": True,
            "return_url": RETURN,
        }
    )
    page = urlsplit(intent.next_action.redirect_to_url.url).path

    reply = shop.http.post(page, data={"answer": "approve"})

    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert parse_qs(urlsplit(reply.headers["location"]).query) == {
        "payment_intent": [intent.id],
        "payment_intent_client_secret": [intent.client_secret],
        "redirect_status": ["succeeded"],
    }
    assert shop.stripe.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_card_that_asks_is_declined_when_its_holder_is_away(shop: Shop) -> None:
    card = {
        "amount": 1000,
        "currency": "eur",
        "payment_method": "pm_card_authenticationRequired",
        "confirm": True,
    }

    with pytest.raises(stripe.CardError) as away:
        shop.stripe.payment_intents.create(card | {"off_session": True})
    with pytest.raises(stripe.CardError) as unwanted:
        shop.stripe.payment_intents.create(card | {"error_on_requires_action": True})

    assert declined_by(away.value) == "authentication_required"
    assert unwanted.value.code == "authentication_required"


def test_payment_method_types_are_no_longer_taken(shop: Shop) -> None:
    for resource in (shop.stripe.payment_intents, shop.stripe.setup_intents):
        params = {"amount": 1, "currency": "eur", "payment_method_types": ["card"]}
        wanted = (
            params
            if resource is shop.stripe.payment_intents
            else {"payment_method_types": ["card"]}
        )
        with pytest.raises(stripe.InvalidRequestError) as refused:
            resource.create(wanted)
        assert refused.value.code == "payment_method_types_no_longer_supported"


def test_a_card_is_set_up_and_then_charged_without_its_holder(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})
    setup = shop.stripe.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": True,
            "return_url": RETURN,
        }
    )
    shop.http.post(f"/_control/challenges/{setup.id}", json={"approved": True})
    done = shop.stripe.setup_intents.retrieve(setup.id, {"expand": ["payment_method"]})
    paid = shop.stripe.payment_intents.create(
        {
            "amount": 1000,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": done.payment_method.id,
            "off_session": True,
            "confirm": True,
        }
    )

    assert (setup.status, done.status, paid.status) == (
        "requires_action",
        "succeeded",
        "succeeded",
    )
    assert done.payment_method.customer == customer.id
    told = [one.type for one in shop.events() if one.type.startswith(("setup", "payment_method"))]
    assert told == [
        "setup_intent.created",
        "setup_intent.requires_action",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


def test_a_setup_fails_with_a_refused_card_and_with_an_absent_holder(shop: Shop) -> None:
    refused_one = shop.stripe.setup_intents.create({})
    with pytest.raises(stripe.CardError) as refused:
        shop.stripe.setup_intents.confirm(
            refused_one.id, {"payment_method": "pm_card_chargeDeclined"}
        )
    absent = shop.stripe.setup_intents.create(
        {"payment_method": "pm_card_authenticationRequired", "confirm": True}
    )
    shop.http.post(f"/_control/challenges/{absent.id}", json={"approved": False})

    assert declined_by(refused.value) == "generic_decline"
    after = shop.stripe.setup_intents.retrieve(absent.id)
    assert after.status == "requires_payment_method"
    assert after.last_setup_error.code == "setup_intent_authentication_failure"
    assert len(shop.events("setup_intent.setup_failed")) == 2


def test_a_setup_is_canceled_once(shop: Shop) -> None:
    setup = shop.stripe.setup_intents.create({"description": "For later"})

    canceled = shop.stripe.setup_intents.cancel(setup.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.setup_intents.cancel(setup.id)


def test_checkout_saves_a_card_without_a_payment(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    session = shop.stripe.checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "eur",
            "customer": customer.id,
            "success_url": RETURN,
            "setup_intent_data": {"metadata": {"why": "later"}},
        }
    )
    page = shop.http.get(f"/c/pay/{session.id}")

    shop.pay(session.id)

    assert "Save card" in page.text
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (done.status, done.payment_status, done.amount_total) == (
        "complete",
        "no_payment_required",
        None,
    )
    assert (done.setup_intent.status, done.setup_intent.metadata["why"]) == ("succeeded", "later")
    cards = shop.stripe.customers.payment_methods.list(customer.id).data
    assert [card.id for card in cards] == [done.setup_intent.payment_method]
    assert shop.stripe.charges.list().data == []


def test_checkout_tells_when_a_card_is_refused_for_saving(shop: Shop) -> None:
    session = shop.stripe.checkout.sessions.create(
        {"mode": "setup", "currency": "eur", "success_url": RETURN}
    )

    refused = shop.pay(session.id, "4000000000000002")
    asked = shop.pay(session.id, "4000002500003155", authentication="fail")
    saved = shop.pay(session.id, "4000002500003155", authentication="approve")

    assert (refused.status_code, asked.status_code, saved.status_code) == (402, 402, 200)
    assert len(shop.events("setup_intent.created")) == 1
