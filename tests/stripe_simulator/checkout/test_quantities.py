"""Quantities that the buyer changes, and carts that are found again after they expired."""

from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import stripe

from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.shop import DAY, Shop


def seats(shop: Shop, rule: Any = None, **more: Any) -> Any:
    """Three seats at € 12.00 a month, from two to ten of them."""
    line = {
        "price": shop.monthly(),
        "quantity": 3,
        "adjustable_quantity": rule or {"enabled": True, "minimum": 2, "maximum": 10},
    }
    return shop.session("", line_items=[line], **more)


def sets(shop: Shop, session: Any, quantity: str) -> httpx2.Response:
    (line,) = shop.stripe.checkout.sessions.line_items.list(session.id).data
    path = f"{urlsplit(session.url).path}/quantity"
    return shop.http.post(path, data={"item": line.id, "quantity": quantity})


def test_a_buyer_takes_more_seats_and_pays_for_them(shop: Shop) -> None:
    coupon = shop.stripe.coupons.create({"percent_off": 25, "duration": "once"})
    session = seats(shop, discounts=[{"coupon": coupon.id}])
    assert session.amount_total == 2700  # 3 x 12.00 less a quarter

    assert sets(shop, session, "7").status_code == 303

    changed = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    # 7 x 12.00 = 84.00, less a quarter: 63.00
    assert (changed.amount_subtotal, changed.amount_total) == (8400, 6300)
    assert changed.total_details.amount_discount == 2100
    assert changed.line_items.data[0].quantity == 7
    assert changed.line_items.data[0].adjustable_quantity.to_dict() == {
        "enabled": True,
        "maximum": 10,
        "minimum": 2,
    }
    assert shop.http.post(urlsplit(session.url).path, data=ENTRY).status_code == 303
    done = shop.stripe.checkout.sessions.retrieve(session.id)
    subscription = shop.subscription(done.subscription)
    assert subscription["items"].data[0].quantity == 7
    assert shop.stripe.invoices.retrieve(done.invoice).total == 6300


def test_a_quantity_that_is_not_offered_is_refused_at_its_field(shop: Shop) -> None:
    session = seats(shop)
    cases = {
        "1": "Enter a number from 2 to 10",
        "11": "Enter a number from 2 to 10",
        "many": "Enter a whole number",
        "-3": "Enter a whole number",
        "": "Enter a whole number",
    }

    said = {quantity: sets(shop, session, quantity) for quantity in cases}

    assert {quantity: answer.status_code for quantity, answer in said.items()} == dict.fromkeys(
        cases, 422
    )
    assert {one: cases[one] in answer.text for one, answer in said.items()} == dict.fromkeys(
        cases, True
    )
    assert shop.stripe.checkout.sessions.retrieve(session.id).amount_total == 3600


def test_the_last_item_stays_and_another_may_go(shop: Shop) -> None:
    alone = seats(shop, {"enabled": True})
    two = shop.session(
        "",
        line_items=[
            {"price": shop.monthly(), "quantity": 1, "adjustable_quantity": {"enabled": True}},
            {"price": shop.monthly(500), "quantity": 1},
        ],
    )
    first = shop.stripe.checkout.sessions.line_items.list(two.id).data[0].id
    path = f"{urlsplit(two.url).path}/quantity"

    kept = sets(shop, alone, "0")
    gone = shop.http.post(path, data={"item": first, "quantity": "0"})

    assert "At least one item has to stay" in kept.text
    assert gone.status_code == 303
    rest = shop.stripe.checkout.sessions.retrieve(two.id, {"expand": ["line_items"]})
    assert ([line.amount_total for line in rest.line_items.data], rest.amount_total) == ([500], 500)
    with pytest.raises(stripe.InvalidRequestError, match="between the minimum and the maximum"):
        seats(shop, {"enabled": True, "minimum": 4})


def test_an_abandoned_cart_is_recovered_once_and_names_where_it_came_from(shop: Shop) -> None:
    session = seats(
        shop,
        after_expiration={"recovery": {"enabled": True, "allow_promotion_codes": True}},
        metadata={"cart": "1"},
    )
    assert session.after_expiration.recovery.url is None

    shop.advance(seconds=DAY)

    (told,) = shop.events("checkout.session.expired")
    recovery = told.data.object.after_expiration.recovery
    assert recovery.expires_at == told.created + 30 * DAY
    way = urlsplit(recovery.url).path
    first, again = shop.http.get(way), shop.http.get(way)
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    copy_id = first.headers["location"].rpartition("/")[2]
    copied = shop.stripe.checkout.sessions.retrieve(copy_id)
    assert (copied.recovered_from, copied.status) == (session.id, "open")
    assert (copied.amount_total, copied.allow_promotion_codes) == (3600, True)
    assert (copied.metadata["cart"], copied.expires_at) == ("1", told.created + DAY)
    assert shop.http.post(urlsplit(copied.url).path, data=ENTRY).status_code == 303
    (done,) = shop.events("checkout.session.completed")
    assert done.data.object.recovered_from == session.id


def test_a_cart_that_nobody_may_recover_stays_expired(shop: Shop) -> None:
    plain = shop.session(shop.monthly())
    late = shop.session(shop.monthly(), after_expiration={"recovery": {"enabled": True}})
    shop.stripe.checkout.sessions.expire(plain.id)
    expired = shop.stripe.checkout.sessions.expire(late.id)
    shop.advance(seconds=30 * DAY)

    answers = [
        shop.http.get(f"/c/recover/{plain.id}"),
        shop.http.get(urlsplit(expired.after_expiration.recovery.url).path),
        shop.http.get("/c/recover/cs_test_nobody"),
    ]

    assert [answer.status_code for answer in answers] == [410, 410, 404]


def test_nothing_to_pay_needs_no_card_in_a_payment_either(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Sample"})
    free = shop.stripe.prices.create({"product": product.id, "currency": "eur", "unit_amount": 0})
    session = shop.session(free.id, mode="payment")
    path = urlsplit(session.url).path
    assert "Card number" not in shop.http.get(path).text

    taken = shop.http.post(path, data={"email": "ada@example.com"})

    assert taken.status_code == 303
    done = shop.stripe.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    assert (done.payment_intent, done.customer_details.email) == (None, "ada@example.com")


def test_tiers_decide_what_a_quantity_costs(shop: Shop) -> None:
    # docs.stripe.com/products-prices/pricing-models: graduated, two at 10.00, each more at 5.00.
    product = shop.stripe.products.create({"name": "Seats"})
    tiers = [{"up_to": 2, "unit_amount": 1000}, {"up_to": "inf", "unit_amount": 500}]
    price = shop.stripe.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": tiers,
            "recurring": {"interval": "month"},
        }
    )
    line = {"price": price.id, "quantity": 3, "adjustable_quantity": {"enabled": True}}
    session = shop.session("", line_items=[line])
    assert session.amount_total == 2500  # 2 x 10.00 + 1 x 5.00

    sets(shop, session, "5")
    shop.pay(session.id)

    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert (done.amount_total, done.invoice.total) == (3500, 3500)  # 2 x 10.00 + 3 x 5.00


def test_what_is_metered_costs_nothing_before_it_is_used(shop: Shop) -> None:
    meter = shop.stripe.billing.meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": "sum"},
        }
    )
    product = shop.stripe.products.create({"name": "Calls"})
    price = shop.stripe.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 10,
            "recurring": {"interval": "month", "usage_type": "metered", "meter": meter.id},
        }
    )
    session = shop.session("", line_items=[{"price": price.id}])
    assert shop.http.get(urlsplit(session.url).path).status_code == 200

    answer = shop.pay(session.id)

    assert answer.status_code == 200, answer.text
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    assert (done.amount_total, done.line_items.data[0].quantity) == (0, None)
    assert shop.subscription(done.subscription).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="quantity for metered"):
        shop.session("", line_items=[{"price": price.id, "quantity": 2}])
