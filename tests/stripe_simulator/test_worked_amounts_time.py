"""Worked examples: other currencies, trials, anchors, month ends and leap days.

docs.stripe.com/currencies for minor units, docs.stripe.com/billing/subscriptions/billing-cycle for
the days on which a period ends, docs.stripe.com/billing/subscriptions/trials for trials.
"""

import pytest

from tests.stripe_simulator.shop import DAY, HOUR, Shop, period, seconds
from tests.stripe_simulator.worked import (
    APRIL_1,
    APRIL_16,
    MAY_1,
    change,
    customer,
    lines,
    price,
    start,
)


@pytest.fixture
def april(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    return shop


def test_yen_have_no_smaller_part(april: Shop) -> None:
    # A third of 980 yen is 326.67 -> 327, of 1980 yen 660.
    subscription = start(april, price(april, 980, currency="jpy"))
    april.advance(to=APRIL_1 + 20 * DAY)
    bigger = price(april, 1980, currency="jpy")

    change(april, subscription, price=bigger, proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (lines(invoice), invoice.amount_paid) == ([-327, 660], 333)


def test_a_percentage_of_yen_is_whole_yen(april: Shop) -> None:
    # 15 % of 990 yen is 148.5 -> 149: 841.
    off = april.stripe.coupons.create({"percent_off": 15, "duration": "forever"}).id

    subscription = start(april, price(april, 990, currency="jpy"), discounts=[{"coupon": off}])

    assert april.invoices(subscription=subscription.id)[0].amount_paid == 841


def test_dinars_have_thousandths_of_which_the_last_is_nought(april: Shop) -> None:
    # A third of KWD 5.000 is 1.6667 -> 1.670, of KWD 10.000 3.3333 -> 3.330: 1.660.
    subscription = start(april, price(april, 5000, currency="kwd"))
    april.advance(to=APRIL_1 + 20 * DAY)
    bigger = price(april, 10000, currency="kwd")

    change(april, subscription, price=bigger, proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (lines(invoice), invoice.amount_paid) == ([-1670, 3330], 1660)


def test_a_percentage_of_dinars_ends_with_a_nought(april: Shop) -> None:
    # 33 % of KWD 1.250 is 0.4125 -> 0.410: 0.840.
    off = april.stripe.coupons.create({"percent_off": 33, "duration": "forever"}).id

    subscription = start(april, price(april, 1250, currency="kwd"), discounts=[{"coupon": off}])

    assert april.invoices(subscription=subscription.id)[0].amount_paid == 840


def test_a_fraction_of_a_cent_is_rounded_once_for_all_seats(april: Shop) -> None:
    # docs.stripe.com/api/prices: unit_amount_decimal. 333 seats at 0.75 cents are 249.75 -> 250.
    product = april.stripe.products.create({"name": "Calls"})
    tiny = april.stripe.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount_decimal": "0.75",
            "recurring": {"interval": "month"},
        }
    )

    subscription = start(april, tiny.id, quantity=333)

    assert april.invoices(subscription=subscription.id)[0].amount_paid == 250


def test_a_trial_becomes_paid_for_a_whole_period_from_its_end(april: Shop) -> None:
    # 14 days of trial: 0 on 1 April, 1200 for 15 April to 15 May.
    subscription = start(april, price(april, 1200), trial_period_days=14)

    april.advance(to=APRIL_1 + 14 * DAY + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [invoice.amount_paid for invoice in found] == [0, 1200]
    assert period(april.subscription(subscription.id)) == (
        seconds("2026-04-15 00:00"),
        seconds("2026-05-15 00:00"),
    )


def test_a_plan_may_be_changed_in_a_trial_for_nothing(april: Shop) -> None:
    subscription = start(april, price(april, 1200), trial_period_days=14)
    april.advance(seconds=7 * DAY)

    change(april, subscription, price=price(april, 3000), proration_behavior="always_invoice")
    assert len(april.invoices(subscription=subscription.id)) == 1
    april.advance(to=APRIL_1 + 14 * DAY + HOUR)

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [3000]


def test_a_trial_that_is_ended_now_is_billed_now(april: Shop) -> None:
    subscription = start(april, price(april, 1200), trial_period_days=14)
    april.advance(seconds=5 * DAY)

    ended = april.stripe.subscriptions.update(subscription.id, {"trial_end": "now"})

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (ended.status, lines(invoice), invoice.amount_paid) == ("active", [1200], 1200)
    assert period(ended) == (APRIL_1 + 5 * DAY, seconds("2026-05-06 00:00"))


def test_a_trial_given_to_who_has_paid_credits_the_unused_time(april: Shop) -> None:
    # 15 of 30 days of 1000 are not used: -500, which the first paid period uses up: 500.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    trial = april.stripe.subscriptions.update(subscription.id, {"trial_end": MAY_1})
    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert (trial.status, period(trial)) == ("trialing", (APRIL_16, MAY_1))
    assert (lines(found[1]), found[1].total) == ([-500, 0], -500)
    assert (lines(found[2]), found[2].amount_paid) == ([1000], 500)


def test_a_subscription_begins_with_a_part_of_a_period_before_its_anchor(april: Shop) -> None:
    # From 16 April to 1 May are 15 of the 30 days of the month that ends on 1 May: 500.
    april.advance(to=APRIL_16)

    subscription = start(april, price(april, 1000), billing_cycle_anchor=MAY_1)
    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [lines(invoice) for invoice in found] == [[500], [1000]]
    assert period(subscription) == (APRIL_16, MAY_1)


def test_the_time_before_the_anchor_may_be_free(april: Shop) -> None:
    april.advance(to=APRIL_16)

    subscription = start(
        april, price(april, 1000), billing_cycle_anchor=MAY_1, proration_behavior="none"
    )
    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert subscription.status == "active"
    assert [invoice.amount_paid for invoice in found] == [1000]


def test_half_of_a_short_month_is_half_of_its_price(shop: Shop) -> None:
    # 31 January 10:00 to 28 February 10:00 are 28 days; 14 are left: -500 + 1000.
    subscription = start(shop, price(shop, 1000))
    shop.advance(seconds=14 * DAY)

    change(shop, subscription, price=price(shop, 2000), proration_behavior="always_invoice")

    assert lines(shop.invoices(subscription=subscription.id)[-1]) == [-500, 1000]


def test_a_period_that_began_on_a_month_end_has_the_days_it_has(shop: Shop) -> None:
    # The second period is 28 February to 31 March: 31 days. After 10 of them 21 are left:
    # 3100 * 21 / 31 = 2100 and 6200 * 21 / 31 = 4200.
    subscription = start(shop, price(shop, 3100))
    shop.advance_to("2026-03-10 10:00")

    change(shop, subscription, price=price(shop, 6200), proration_behavior="always_invoice")

    invoice = shop.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-2100, 4200]
    assert invoice.lines.data[0].period.end == seconds("2026-03-31 10:00")


def test_a_leap_year_is_one_day_longer(shop: Shop) -> None:
    # 1 June 2027 to 1 June 2028 are 366 days; after 100 of them 266 are left of 36600: 26600.
    shop.advance_to("2027-06-01 00:00")
    subscription = start(shop, price(shop, 36600, "year"))
    shop.advance(seconds=100 * DAY)

    canceled = {"prorate": True, "invoice_now": True}
    shop.stripe.subscriptions.cancel(subscription.id, canceled)

    assert lines(shop.invoices(subscription=subscription.id)[-1]) == [-26600]


def test_who_began_on_a_leap_day_is_billed_on_the_28th_in_other_years(shop: Shop) -> None:
    shop.advance_to("2028-02-29 00:00")
    subscription = start(shop, price(shop, 5000, "year"))

    shop.advance_to("2032-03-01 00:00")

    found = shop.invoices(subscription=subscription.id)
    assert [invoice.lines.data[0].period.start for invoice in found] == [
        seconds("2028-02-29 00:00"),
        seconds("2029-02-28 00:00"),
        seconds("2030-02-28 00:00"),
        seconds("2031-02-28 00:00"),
        seconds("2032-02-29 00:00"),
    ]
    assert [invoice.amount_paid for invoice in found] == [5000] * 5


def test_february_of_a_leap_year_is_shared_by_29_days(shop: Shop) -> None:
    # 1 to 29 February 2028: after 9 days 20 of 29 are left: 2900 -> 2000, 5800 -> 4000.
    shop.advance_to("2028-02-01 00:00")
    subscription = start(shop, price(shop, 2900))
    shop.advance(seconds=9 * DAY)

    change(shop, subscription, price=price(shop, 5800), proration_behavior="always_invoice")

    assert lines(shop.invoices(subscription=subscription.id)[-1]) == [-2000, 4000]


def test_a_paused_subscription_is_credited_and_charged_for_what_is_left(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/pause: paused after 10 days, 20 of 30 days of 3000 are
    # credited: -2000; resumed after 20 days without another anchor, 10 days cost 1000: -1000
    # in all becomes balance.
    subscription = start(april, price(april, 3000))
    april.advance(to=APRIL_1 + 10 * DAY)
    april.stripe.subscriptions.pause(
        subscription.id, {"bill_for": {"unused_time_from": {"type": "now"}}}
    )
    april.advance(seconds=10 * DAY)

    resumed = april.stripe.subscriptions.resume(
        subscription.id, {"billing_cycle_anchor": {"type": "unchanged"}}
    )

    assert (resumed.status, period(resumed)) == ("active", (APRIL_1, MAY_1))
    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-2000, 1000]
    assert april.stripe.customers.retrieve(subscription.customer).balance == -1000


@pytest.mark.parametrize(
    ("behavior", "status"),
    [("void", "void"), ("mark_uncollectible", "uncollectible"), ("keep_as_draft", "draft")],
)
def test_nothing_is_collected_while_collection_is_paused(
    april: Shop, behavior: str, status: str
) -> None:
    # docs.stripe.com/billing/subscriptions/pause-payment.
    subscription = start(april, price(april, 1000))
    april.stripe.subscriptions.update(
        subscription.id, {"pause_collection": {"behavior": behavior, "resumes_at": MAY_1 + DAY}}
    )

    april.advance(to=MAY_1 + HOUR)
    during = april.invoices(subscription=subscription.id)[-1]
    april.advance(to=MAY_1 + 31 * DAY + HOUR)

    after = april.subscription(subscription.id)
    assert (during.status, during.amount_paid) == (status, 0)
    if status == "uncollectible":
        assert during.status_details.uncollectible.reason == "subscription_paused"
    assert (after.status, after.pause_collection) == ("active", None)
    assert april.invoices(subscription=subscription.id)[-1].amount_paid == 1000


def test_a_second_subscription_of_a_customer_has_its_own_amounts(april: Shop) -> None:
    who = customer(april)
    first = start(april, price(april, 1000), customer=who)
    second = start(april, price(april, 700), customer=who)
    april.advance(to=APRIL_16)

    change(april, first, price=price(april, 2000))
    april.advance(to=MAY_1 + HOUR)

    assert lines(april.invoices(subscription=first.id)[-1]) == [-500, 1000, 2000]
    assert lines(april.invoices(subscription=second.id)[-1]) == [700]
