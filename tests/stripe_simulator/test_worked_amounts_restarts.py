"""Worked examples: changes that begin a new period, billed at once.

Each amount is derived in the test; docs.stripe.com/billing/subscriptions/change-price says which
changes these are: another interval, an anchor set to now, from free to paid.
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
    """1 April 2026, 00:00 UTC: a month of 30 days = 2,592,000 seconds begins."""
    shop.advance(to=APRIL_1)
    return shop


def test_from_month_to_year_a_new_period_begins_and_is_billed(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/change-price: another interval moves the billing date.
    # 10 of 30 days of 1200 are credited: -400; the year costs 12000: 11600 now.
    subscription = start(april, price(april, 1200))
    april.advance(to=APRIL_1 + 20 * DAY)

    changed = change(april, subscription, price=price(april, 12000, "year"))

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-400, 12000]
    assert invoice.amount_paid == 11600
    assert changed.billing_cycle_anchor == APRIL_1 + 20 * DAY
    assert period(changed) == (APRIL_1 + 20 * DAY, seconds("2027-04-21 00:00"))


def test_from_year_to_month_the_rest_becomes_a_credit_balance(april: Shop) -> None:
    # 36500 for 365 days; 100 days later 265 are left: -26500. A month costs 4000: -22500 of
    # balance, and nothing to pay.
    subscription = start(april, price(april, 36500, "year"))
    april.advance(to=APRIL_1 + 100 * DAY)

    change(april, subscription, price=price(april, 4000))

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-26500, 4000]
    assert (invoice.total, invoice.amount_due) == (-22500, 0)
    assert april.stripe.customers.retrieve(subscription.customer).balance == -22500


def test_an_anchor_set_to_now_bills_a_whole_period_from_now(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/billing-cycle: 15 of 30 days of 1000 are credited.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    changed = april.stripe.subscriptions.update(
        subscription.id, {"billing_cycle_anchor": {"type": "now"}}
    )

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-500, 1000]
    assert period(changed) == (APRIL_16, seconds("2026-05-16 00:00"))


def test_an_anchor_set_to_now_without_proration_is_billed_whole(april: Shop) -> None:
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    april.stripe.subscriptions.update(
        subscription.id,
        {"billing_cycle_anchor": {"type": "now"}, "proration_behavior": "none"},
    )

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [1000]


def test_from_free_to_paid_is_billed_at_once(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/change-price: a free price has no period to share.
    subscription = start(april, price(april, 0))
    april.advance(to=APRIL_16)

    changed = change(april, subscription, price=price(april, 1500))

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [1500]
    assert changed.billing_cycle_anchor == APRIL_16


def test_a_trial_that_ends_before_the_anchor_is_followed_by_a_part(april: Shop) -> None:
    # Free until 16 April, 30.00 a month from 1 May on: 15 of 30 days, 15.00; then 30.00.
    subscription = april.stripe.subscriptions.create(
        {
            "customer": customer(april),
            "items": [{"price": price(april, 3000)}],
            "trial_end": APRIL_16,
            "billing_cycle_anchor": MAY_1,
        }
    )
    preview = april.stripe.invoices.create_preview({"subscription": subscription.id})

    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [one.amount_paid for one in found] == [0, 1500, 3000]
    assert preview.total == 1500
    assert april.subscription(subscription.id).billing_cycle_anchor == MAY_1


def test_the_time_between_a_trial_and_the_anchor_may_be_free(april: Shop) -> None:
    # Nothing until 1 May, then 30.00.
    subscription = april.stripe.subscriptions.create(
        {
            "customer": customer(april),
            "items": [{"price": price(april, 3000)}],
            "trial_end": APRIL_16,
            "billing_cycle_anchor": MAY_1,
            "proration_behavior": "none",
        }
    )

    april.advance(to=APRIL_16 + HOUR)
    between = april.subscription(subscription.id)
    april.advance(to=MAY_1 + HOUR)

    assert (between.status, period(between)) == ("active", (APRIL_16, MAY_1))
    found = april.invoices(subscription=subscription.id)
    assert [one.amount_paid for one in found] == [0, 3000]


@pytest.mark.parametrize(("behavior", "amounts"), [("unchanged", [0, 1500]), ("now", [0, 3000])])
def test_the_end_of_a_trial_keeps_the_rhythm_or_begins_another(
    april: Shop, behavior: str, amounts: list[int]
) -> None:
    # Free from 1 to 16 April: unchanged, half of April is 15.00; now, a whole month is 30.00.
    subscription = april.stripe.subscriptions.create(
        {
            "customer": customer(april),
            "items": [{"price": price(april, 3000)}],
            "trial_end": APRIL_16,
            "trial_settings": {"end_behavior": {"billing_cycle_anchor": behavior}},
        }
    )

    april.advance(to=APRIL_16 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [one.amount_paid for one in found] == amounts


def test_a_coupon_makes_the_part_before_the_anchor_cheaper(april: Shop) -> None:
    # 30.00 less a half are 15.00 a month, of which half is 7.50; once, so that May costs 30.00.
    half = april.stripe.coupons.create({"percent_off": 50, "duration": "once"}).id
    april.advance(to=APRIL_16)
    subscription = april.stripe.subscriptions.create(
        {
            "customer": customer(april),
            "items": [{"price": price(april, 3000)}],
            "billing_cycle_anchor": MAY_1,
            "discounts": [{"coupon": half}],
        }
    )

    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [one.amount_paid for one in found] == [750, 3000]
