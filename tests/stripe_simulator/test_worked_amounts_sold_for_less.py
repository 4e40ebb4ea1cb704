"""Worked examples: coupons and codes where something is sold: Checkout, and a single payment."""

import pytest

from tests.stripe_simulator.shop import Shop
from tests.stripe_simulator.worked import (
    APRIL_1,
    code,
    coupon,
    price,
)


@pytest.fixture
def april(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    return shop


def test_a_session_is_sold_with_a_coupon(april: Shop) -> None:
    id_ = coupon(april, percent_off=25)
    session = april.session(price(april, 1000), discounts=[{"coupon": id_}])

    assert april.pay(session.id).status_code == 200

    done = april.stripe.checkout.sessions.retrieve(session.id)
    invoice = april.stripe.invoices.retrieve(done.invoice)
    assert (session.amount_subtotal, session.amount_total) == (1000, 750)
    assert done.total_details.amount_discount == 250
    assert (invoice.amount_paid, len(invoice.discounts)) == (750, 1)


def test_somebody_types_a_code_and_pays_less(april: Shop) -> None:
    id_ = coupon(april, amount_off=200, currency="eur", duration="once", name="Welcome")
    code(april, id_, "HELLO")
    session = april.session(price(april, 1000), allow_promotion_codes=True)
    path = f"/c/pay/{session.id}"

    wrong = april.http.post(f"{path}/code", data={"code": "nothing"})
    right = april.http.post(f"{path}/code", data={"code": "hello"})
    page = april.http.get(path).text
    april.pay(session.id)

    done = april.stripe.checkout.sessions.retrieve(session.id)
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "This code is not valid." in wrong.text
    assert all(words in page for words in ("Welcome, once", "€ 2.00", "€ 8.00", "Remove code"))
    assert (done.amount_total, done.discounts[0].coupon) == (800, id_)
    assert april.stripe.coupons.retrieve(id_).times_redeemed == 1


def test_a_code_that_was_typed_can_be_taken_back(april: Shop) -> None:
    code(april, coupon(april, percent_off=50))
    session = april.session(price(april, 1000), allow_promotion_codes=True)
    april.http.post(f"/c/pay/{session.id}/code", data={"code": "HELLO"})

    april.http.post(f"/c/pay/{session.id}/code", data={"code": ""})

    kept = april.stripe.checkout.sessions.retrieve(session.id)
    assert (kept.amount_total, kept.discounts) == (1000, [])


def test_a_code_needs_a_purchase_of_some_size(april: Shop) -> None:
    rules = {"minimum_amount": 2000, "minimum_amount_currency": "eur"}
    code(april, coupon(april, percent_off=50), restrictions=rules)
    session = april.session(price(april, 1000), allow_promotion_codes=True)

    answer = april.http.post(f"/c/pay/{session.id}/code", data={"code": "HELLO"})

    assert "does not meet the minimum amount requirement of € 20.00." in answer.text


def test_one_payment_is_reduced_and_the_coupon_counted(april: Shop) -> None:
    id_ = coupon(april, percent_off=10, duration="once")
    product = april.stripe.products.create({"name": "Book"})
    book = april.stripe.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 3000}
    )
    session = april.session(book.id, mode="payment", quantity=2, discounts=[{"coupon": id_}])

    april.pay(session.id)

    done = april.stripe.checkout.sessions.retrieve(session.id)
    intent = april.stripe.payment_intents.retrieve(done.payment_intent)
    assert (done.amount_subtotal, done.amount_total, intent.amount) == (6000, 5400, 5400)
    assert april.stripe.coupons.retrieve(id_).times_redeemed == 1
