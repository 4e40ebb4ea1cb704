"""Worked examples: items with different intervals in one subscription, and where periods begin.

Each amount is derived in the test. docs.stripe.com/billing/subscriptions/mixed-interval: items that
renew together share an invoice, the others have one of their own.
"""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import HOUR, Shop, seconds
from tests.stripe_simulator.worked import (
    APRIL_1,
    APRIL_16,
    MAY_1,
    change,
    lines,
    price,
    start,
)


@pytest.fixture
def april(shop: Shop) -> Shop:
    """1 April 2026, 00:00 UTC: a month of 30 days begins."""
    shop.advance(to=APRIL_1)
    return shop


def periods(subscription: Any) -> list[tuple[int, int]]:
    return [(i.current_period_start, i.current_period_end) for i in subscription["items"].data]


def test_a_yearly_fee_and_a_monthly_one_are_billed_each_in_their_time(april: Shop) -> None:
    # 120.00 a year and 10.00 a month: 130.00 at once, eleven times 10.00, and 130.00 again.
    mixed = start(april, price(april, 12000, "year"), price(april, 1000))

    april.advance(to=seconds("2027-04-01 02:00"))

    billed = [invoice.total for invoice in april.invoices(subscription=mixed.id)]
    assert billed == [13000, *[1000] * 11, 13000]


def test_every_item_has_a_period_of_its_own(april: Shop) -> None:
    mixed = start(april, price(april, 12000, "year"), price(april, 1000))

    april.advance(to=MAY_1 + 2 * HOUR)

    year, month = periods(april.subscription(mixed.id))
    assert periods(mixed) == [(APRIL_1, seconds("2027-04-01")), (APRIL_1, MAY_1)]
    assert year == (APRIL_1, seconds("2027-04-01"))
    assert month == (MAY_1, seconds("2026-06-01"))


def test_an_item_of_another_interval_is_charged_to_the_common_anchor(april: Shop) -> None:
    # 365.00 a year from 16 April to 1 April next year: 350 of 365 days, 350.00. The month goes on.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    changed = april.stripe.subscriptions.update(
        subscription.id,
        {
            "items": [{"price": price(april, 36500, "year")}],
            "proration_behavior": "always_invoice",
        },
    )

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [35000]
    assert [end for _, end in periods(changed)] == [MAY_1, seconds("2027-04-01")]


def test_an_upgrade_of_one_item_leaves_the_other_alone(april: Shop) -> None:
    # The month of 10.00 becomes one of 20.00 at half time: -5.00 + 10.00. The year is not touched.
    month, year = price(april, 1000), price(april, 12000, "year")
    mixed = start(april, month, year)
    april.advance(to=APRIL_16)

    change(april, mixed, price=price(april, 2000), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=mixed.id)[-1]) == [-500, 1000]


def test_ending_it_all_gives_back_the_rest_of_both(april: Shop) -> None:
    # On 16 April half of the month's 10.00 and 350 of 365 days of the year's 365.00 are unused.
    mixed = start(april, price(april, 1000), price(april, 36500, "year"))
    april.advance(to=APRIL_16)

    april.stripe.subscriptions.cancel(mixed.id, {"prorate": True, "invoice_now": True})

    assert sorted(lines(april.invoices(subscription=mixed.id)[-1])) == [-35000, -500]


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        ({"cancel_at_period_end": True}, "2026-05-01"),
        ({"cancel_at": "min_period_end"}, "2026-05-01"),
        ({"cancel_at": "max_period_end"}, "2027-04-01"),
    ],
    ids=["period end", "earliest", "latest"],
)
def test_the_end_of_a_period_is_the_earliest_unless_asked_otherwise(
    april: Shop, asked: dict[str, Any], ends: str
) -> None:
    # docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums.
    mixed = start(april, price(april, 1000), price(april, 12000, "year"))

    changed = april.stripe.subscriptions.update(mixed.id, asked)

    assert changed.cancel_at == seconds(ends)


def test_the_preview_of_a_mixed_subscription_is_that_of_the_next_renewal(april: Shop) -> None:
    mixed = start(april, price(april, 1000), price(april, 12000, "year"))

    shown = april.stripe.invoices.create_preview({"subscription": mixed.id})

    assert (lines(shown), shown.period_end) == ([1000], MAY_1)


def test_a_trial_of_both_ends_with_both(april: Shop) -> None:
    # Nothing until the 16th, then 10.00 and 120.00 together.
    mixed = start(april, price(april, 1000), price(april, 12000, "year"), trial_end=APRIL_16)

    april.advance(to=APRIL_16 + 2 * HOUR)

    assert [one.total for one in april.invoices(subscription=mixed.id)] == [0, 13000]


def test_days_of_the_month_are_the_last_of_shorter_months(april: Shop) -> None:
    # As on docs.stripe.com/billing/subscriptions/billing-cycle, asked for the 31st on 1 April:
    # periods end on 30 April, 31 May, 30 June.
    subscription = start(
        april, price(april, 3000), billing_cycle_anchor_config={"day_of_month": 31}
    )

    april.advance(to=seconds("2026-07-01"))

    began = [one.created for one in april.invoices(subscription=subscription.id)]
    days = ("2026-04-01", "2026-04-30", "2026-05-31", "2026-06-30")
    assert began == [seconds(day) for day in days]


def test_the_time_until_the_day_is_charged_in_part(april: Shop) -> None:
    # From 1 to 16 April are 15 of the 31 days from 16 March: 31.00 x 15 / 31 = 15.00.
    subscription = start(
        april, price(april, 3100), billing_cycle_anchor_config={"day_of_month": 16}
    )

    april.advance(to=APRIL_16 + 2 * HOUR)

    assert [lines(one) for one in april.invoices(subscription=subscription.id)] == [[1500], [3100]]


def test_a_day_of_a_month_anchors_a_year(april: Shop) -> None:
    # From 1 April to 1 July are 91 of 365 days: 365.00 x 91 / 365 = 91.00.
    config = {"month": 7, "day_of_month": 1, "hour": 0, "minute": 0, "second": 0}

    subscription = start(april, price(april, 36500, "year"), billing_cycle_anchor_config=config)

    assert lines(april.invoices(subscription=subscription.id)[0]) == [9100]
    assert subscription.billing_cycle_anchor == seconds("2026-07-01")
    assert subscription.billing_cycle_anchor_config.to_dict() == config


def test_what_is_bought_once_comes_with_the_first_invoice_or_the_next(april: Shop) -> None:
    # One-time charges on docs.stripe.com/billing/invoices/subscription: 12.00 and 30.00 once;
    # added later it is on the renewal's invoice: 5.00 and 12.00.
    product = april.stripe.products.create({"name": "Set-up"}).id
    setup = {"currency": "eur", "product": product, "unit_amount": 3000}
    subscription = start(april, price(april, 1200), add_invoice_items=[{"price_data": setup}])
    help_ = {"currency": "eur", "product": product, "unit_amount": 500}

    april.stripe.subscriptions.update(
        subscription.id, {"add_invoice_items": [{"price_data": help_}]}
    )
    april.advance(to=MAY_1 + 2 * HOUR)

    first, second = april.invoices(subscription=subscription.id)
    assert (sorted(lines(first)), sorted(lines(second))) == ([1200, 3000], [500, 1200])


def test_a_recurring_price_is_not_bought_once(april: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="recurring"):
        start(april, price(april, 1200), add_invoice_items=[{"price": price(april, 900)}])
