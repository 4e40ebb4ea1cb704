"""Worked examples: changes that begin a new period, billed at once.

Each amount is derived in the test; docs.stripe.com/billing/subscriptions/change-price says which
changes these are: another interval, an anchor set to now, from free to paid.
"""

import pytest

from tests.stripe_simulator.shop import DAY, Shop, period, seconds
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, change, lines, price, start


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
