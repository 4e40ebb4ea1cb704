"""Worked examples: coupons and promotion codes.

docs.stripe.com/billing/subscriptions/coupons and docs.stripe.com/billing/subscriptions/coupons/
promotion-codes: what is taken off, for how long, and of which products.
"""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, HOUR, Shop
from tests.stripe_simulator.worked import (
    APRIL_1,
    APRIL_16,
    MAY_1,
    change,
    code,
    coupon,
    customer,
    lines,
    price,
    start,
)


@pytest.fixture
def april(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    return shop


def paid(shop: Shop, subscription: Any) -> list[int]:
    return [invoice.amount_paid for invoice in shop.invoices(subscription=subscription.id)]


def discounted(shop: Shop, id_: str, amount: int = 1000, **more: Any) -> Any:
    return start(shop, price(shop, amount), discounts=[{"coupon": id_}], **more)


def test_a_percentage_is_rounded_half_up(april: Shop) -> None:
    # 15 % of 999 is 149.85 -> 150: 849.
    subscription = discounted(april, coupon(april, percent_off=15), 999)

    invoice = april.invoices(subscription=subscription.id)[0]
    assert (invoice.subtotal, invoice.total) == (999, 849)
    assert [one.amount for one in invoice.total_discount_amounts] == [150]
    assert [one.amount for one in invoice.lines.data[0].discount_amounts] == [150]


def test_a_fraction_of_a_percent_counts(april: Shop) -> None:
    # 33.33 % of 10000 is 3333: 6667.
    subscription = discounted(april, coupon(april, percent_off=33.33), 10000)

    assert paid(april, subscription) == [6667]


def test_an_amount_is_taken_off(april: Shop) -> None:
    subscription = discounted(april, coupon(april, amount_off=300, currency="eur"))

    assert paid(april, subscription) == [700]


def test_more_than_everything_is_everything(april: Shop) -> None:
    subscription = discounted(april, coupon(april, amount_off=5000, currency="eur"))

    invoice = april.invoices(subscription=subscription.id)[0]
    assert (invoice.total, invoice.amount_due, invoice.status) == (0, 0, "paid")


def test_a_coupon_for_once_lasts_for_one_invoice(april: Shop) -> None:
    id_ = coupon(april, percent_off=50, duration="once")
    subscription = discounted(april, id_)

    april.advance(to=APRIL_1 + 65 * DAY)

    assert paid(april, subscription) == [500, 1000, 1000]
    assert len(april.events("customer.discount.deleted")) == 1


def test_a_coupon_for_once_waits_for_the_first_invoice_that_costs_something(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/trials: the invoice of a trial is 0 and uses nothing.
    id_ = coupon(april, percent_off=50, duration="once")
    subscription = discounted(april, id_, trial_period_days=30)

    april.advance(to=APRIL_1 + 62 * DAY)

    assert paid(april, subscription) == [0, 500, 1000]


def test_a_coupon_for_three_months_reduces_three_monthly_invoices(april: Shop) -> None:
    # Given on 1 April it ends on 1 July 00:00; the invoice of that second is a whole one.
    id_ = coupon(april, percent_off=20, duration="repeating", duration_in_months=3)
    subscription = discounted(april, id_)

    april.advance(to=APRIL_1 + 93 * DAY)

    assert paid(april, subscription) == [800, 800, 800, 1000]


def test_a_coupon_for_some_products_leaves_the_others(april: Shop) -> None:
    one, two = price(april, 1000), price(april, 600)
    product = april.stripe.prices.retrieve(two).product
    id_ = coupon(april, percent_off=50, applies_to={"products": [product]})

    subscription = start(april, one, two, discounts=[{"coupon": id_}])

    invoice = april.invoices(subscription=subscription.id)[0]
    assert [[x.amount for x in line.discount_amounts] for line in invoice.lines.data] == [[], [300]]
    assert invoice.total == 1300


def test_an_amount_is_shared_by_lines_in_proportion(april: Shop) -> None:
    # 500 off 1000 and 500: two thirds are 333.33 -> 333, and the rest is 167.
    id_ = coupon(april, amount_off=500, currency="eur")

    subscription = start(april, price(april, 1000), price(april, 500), discounts=[{"coupon": id_}])

    invoice = april.invoices(subscription=subscription.id)[0]
    assert [[x.amount for x in line.discount_amounts] for line in invoice.lines.data] == [
        [333],
        [167],
    ]
    assert invoice.total == 1000


def test_two_coupons_are_taken_one_after_another(april: Shop) -> None:
    # 20 % of 1000 is 200; 100 more: 700. The other way round it would be 900 less 180: 720.
    percent, amount = coupon(april, percent_off=20), coupon(april, amount_off=100, currency="eur")
    both = [{"coupon": percent}, {"coupon": amount}]

    first = start(april, price(april, 1000), discounts=both)
    second = start(april, price(april, 1000), discounts=both[::-1])

    assert (paid(april, first), paid(april, second)) == ([700], [720])


def test_a_coupon_has_amounts_in_other_currencies(april: Shop) -> None:
    id_ = coupon(
        april, amount_off=300, currency="eur", currency_options={"usd": {"amount_off": 350}}
    )

    subscription = start(april, price(april, 1000, currency="usd"), discounts=[{"coupon": id_}])

    assert paid(april, subscription) == [650]


def test_a_coupon_in_the_middle_of_a_period_counts_from_the_next_invoice(april: Shop) -> None:
    # Giving a discount alone makes no proration, says docs.stripe.com/billing/subscriptions/
    # prorations#prorations-and-discounts.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    given = {"discounts": [{"coupon": coupon(april, percent_off=25)}]}

    april.stripe.subscriptions.update(subscription.id, given)
    april.advance(to=MAY_1 + HOUR)

    assert paid(april, subscription) == [1000, 750]


def test_an_upgrade_with_a_coupon_is_prorated_with_it(april: Shop) -> None:
    # 50 % for ever: 500 were billed, 250 are credited; half of 2000 less 50 % is 500: 250 now.
    # Proration items are not discountable: docs.stripe.com/billing/subscriptions/prorations.
    subscription = discounted(april, coupon(april, percent_off=50))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (lines(invoice), invoice.total, invoice.amount_paid) == ([-250, 500], 250, 250)
    assert [one.amount for one in invoice.total_discount_amounts] == [0]


def test_what_a_coupon_for_once_saved_is_not_given_back_twice(april: Shop) -> None:
    # 1000 were billed as 500 in April. At half time 250 are credited, and the coupon is used up:
    # half of 2000 is charged as 1000.
    subscription = discounted(april, coupon(april, percent_off=50, duration="once"))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-250, 1000]


def test_a_discount_that_is_taken_away_is_gone_from_the_next_invoice(april: Shop) -> None:
    subscription = discounted(april, coupon(april, percent_off=50))

    april.stripe.subscriptions.delete_discount(subscription.id)
    april.advance(to=MAY_1 + HOUR)

    assert paid(april, subscription) == [500, 1000]


def test_a_coupon_is_used_up(april: Shop) -> None:
    id_ = coupon(april, percent_off=50, max_redemptions=1)
    discounted(april, id_)

    with pytest.raises(stripe.InvalidRequestError) as told:
        discounted(april, id_)

    used = april.stripe.coupons.retrieve(id_)
    assert told.value.code == "coupon_expired"
    assert (used.valid, used.times_redeemed) == (False, 1)


def test_a_coupon_is_too_late(april: Shop) -> None:
    id_ = coupon(april, percent_off=50, redeem_by=APRIL_1 + DAY)
    april.advance(seconds=DAY)

    with pytest.raises(stripe.InvalidRequestError) as told:
        discounted(april, id_)

    assert told.value.code == "coupon_expired"


def test_a_code_for_first_purchases_is_not_for_who_has_bought(april: Shop) -> None:
    who = customer(april)
    rules = {"first_time_transaction": True}
    id_ = code(april, coupon(april, percent_off=50), restrictions=rules).id
    start(april, price(april, 1000), customer=who, discounts=[{"promotion_code": id_}])

    with pytest.raises(stripe.InvalidRequestError):
        start(april, price(april, 1000), customer=who, discounts=[{"promotion_code": id_}])

    assert april.stripe.promotion_codes.retrieve(id_).times_redeemed == 1


def test_a_code_of_one_customer_is_for_nobody_else(april: Shop) -> None:
    id_ = code(april, coupon(april, percent_off=50), customer=customer(april)).id

    with pytest.raises(stripe.InvalidRequestError):
        start(april, price(april, 1000), discounts=[{"promotion_code": id_}])


def test_a_code_asks_for_a_minimum_of_what_the_first_invoice_comes_to(april: Shop) -> None:
    # 30.00 are enough for a code from 20.00 on, 10.00 and a trial (nothing) are not.
    tenth = coupon(april, percent_off=10)
    least = {"minimum_amount": 2000, "minimum_amount_currency": "eur"}
    large = code(april, tenth, "LARGE", restrictions=least).id
    refused = []
    trial: dict[str, Any] = {"trial_period_days": 7}
    for amount, more in ((1000, {}), (3000, trial)):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            start(april, price(april, amount), discounts=[{"promotion_code": large}], **more)
        refused.append(str(caught.value.user_message))

    subscription = start(april, price(april, 3000), discounts=[{"promotion_code": large}])

    assert all("minimum amount requirement of € 20.00" in said for said in refused)
    assert april.invoices(subscription=subscription.id)[-1].total == 2700


def test_a_session_takes_no_coupon_that_reaches_nothing_in_it(april: Shop) -> None:
    other = april.stripe.products.create({"name": "Other"}).id
    elsewhere = coupon(april, percent_off=10, applies_to={"products": [other]})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        april.session(price(april, 1000), discounts=[{"coupon": elsewhere}])

    assert "does not apply to anything in this order" in str(caught.value.user_message)
