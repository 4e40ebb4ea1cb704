"""A subscription and something that is bought once, in one session.

docs.stripe.com/payments/checkout/subscriptions: one-time prices are on the first invoice only.
"""

from typing import Any

from tests.stripe_simulator.shop import DAY, Shop


def book(shop: Shop, amount: int = 3000) -> str:
    product = shop.stripe.products.create({"name": "Book"})
    price = {"product": product.id, "currency": "eur", "unit_amount": amount}
    return str(shop.stripe.prices.create(price).id)


def both(shop: Shop, **more: Any) -> Any:
    """12.00 euros a month, and two books of 30.00."""
    lines = [{"price": shop.monthly(), "quantity": 1}, {"price": book(shop), "quantity": 2}]
    return shop.session("", line_items=lines, **more)


def test_the_first_invoice_carries_both_and_the_second_the_subscription_alone(shop: Shop) -> None:
    session = both(shop)

    shop.pay(session.id)
    shop.advance(seconds=31 * DAY)

    # 12.00 + 2 x 30.00 = 72.00 today, 12.00 a month later.
    done = shop.stripe.checkout.sessions.retrieve(session.id)
    first, second = shop.invoices(subscription=done.subscription)
    assert (done.amount_total, first.total, second.total) == (7200, 7200, 1200)
    assert sorted(line.amount for line in first.lines.data) == [1200, 6000]
    subscription = shop.subscription(done.subscription)
    assert [item.quantity for item in subscription["items"].data] == [1]


def test_a_trial_is_free_and_what_is_bought_once_is_paid_today(shop: Shop) -> None:
    session = both(shop, subscription_data={"trial_period_days": 7})
    assert (session.amount_total, session.payment_status) == (6000, "unpaid")

    shop.pay(session.id)

    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert (done.payment_status, done.invoice.total) == ("paid", 6000)
    assert shop.subscription(done.subscription).status == "trialing"


def test_a_coupon_takes_its_part_of_both(shop: Shop) -> None:
    coupon = shop.stripe.coupons.create({"percent_off": 25, "duration": "once"})
    session = both(shop, discounts=[{"coupon": coupon.id}])

    shop.pay(session.id)

    # A quarter of 72.00 is 18.00.
    done = shop.stripe.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert (done.amount_total, done.invoice.total) == (5400, 5400)


def test_a_price_that_is_made_on_the_spot_is_bought_once_too(shop: Shop) -> None:
    setup = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Setup"}}
    lines = [{"price": shop.monthly(), "quantity": 1}, {"price_data": setup, "quantity": 1}]
    session = shop.session("", line_items=lines)

    answer = shop.pay(session.id)

    assert answer.status_code == 200, answer.text
    assert shop.stripe.checkout.sessions.retrieve(session.id).amount_total == 1700
