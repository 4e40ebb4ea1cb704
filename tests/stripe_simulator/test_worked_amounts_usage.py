"""Worked examples: prices that are metered, billed at the end of the period.

Each amount is derived in the test; docs.stripe.com/billing/subscriptions/usage-based says what
counts: the events from the beginning of the period and before its end, as the meter adds them up.
"""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, HOUR, Shop
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, MAY_1, customer, lines, price

MONTH = {"interval": "month", "usage_type": "metered"}


@pytest.fixture
def april(shop: Shop) -> Shop:
    """1 April 2026, 00:00 UTC: a month of 30 days begins."""
    shop.advance(to=APRIL_1)
    return shop


def meter(shop: Shop, formula: str = "sum", **more: Any) -> str:
    made = shop.stripe.billing.meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": formula},
            **more,
        }
    )
    return str(made.id)


def metered(shop: Shop, meter_id: str, **amounts: Any) -> str:
    made = shop.stripe.prices.create(
        {
            "product_data": {"name": "Calls"},
            "currency": "eur",
            "recurring": {**MONTH, "meter": meter_id},
            **(amounts or {"unit_amount": 2}),
        }
    )
    return str(made.id)


def begin(shop: Shop, *prices: str, **more: Any) -> Any:
    who = customer(shop)
    items = [{"price": one} for one in prices]
    return shop.stripe.subscriptions.create({"customer": who, "items": items, **more})


def use(shop: Shop, subscription: Any, value: float, **more: Any) -> None:
    payload = {"stripe_customer_id": subscription.customer, "value": str(value)}
    event = {"event_name": "calls", "payload": payload, **more}
    shop.stripe.billing.meter_events.create(event)


def billed(shop: Shop, subscription: Any) -> Any:
    return shop.invoices(subscription=subscription.id)[-1]


def test_what_was_used_is_billed_when_the_period_is_over(april: Shop) -> None:
    # 1,000 + 500 calls at 0.02 are 30.00, for April, on 1 May.
    subscription = begin(april, metered(april, meter(april)))
    use(april, subscription, 1000)
    april.advance(to=APRIL_16)
    use(april, subscription, 500)

    april.advance(to=MAY_1 + 2 * HOUR)

    invoice = billed(april, subscription)
    assert (lines(invoice), invoice.status) == ([3000], "paid")
    assert (invoice.lines.data[0].quantity, invoice.billing_reason) == (1500, "subscription_cycle")
    period = invoice.lines.data[0].period
    assert (period.start, period.end) == (APRIL_1, MAY_1)


def test_nothing_is_billed_before_anything_was_used(april: Shop) -> None:
    # billing-mode/compare: no line of 0 for a metered price, and no invoice without lines.
    subscription = begin(april, metered(april, meter(april)))

    assert (subscription.status, subscription.latest_invoice) == ("active", None)
    assert "quantity" not in subscription["items"].data[0].to_dict()
    assert april.invoices(subscription=subscription.id) == []


def test_a_fee_in_advance_and_usage_in_arrears_share_an_invoice(april: Shop) -> None:
    # 50.00 for May, in advance, and 250 calls of April at 0.02 = 5.00.
    subscription = begin(april, price(april, 5000), metered(april, meter(april)))
    use(april, subscription, 250)

    april.advance(to=MAY_1 + 2 * HOUR)

    first, second = april.invoices(subscription=subscription.id)
    assert (lines(first), lines(second)) == ([5000], [5000, 500])


@pytest.mark.parametrize(("formula", "amount"), [("sum", 24), ("count", 6), ("last", 8)])
def test_a_meter_adds_up_as_it_was_told_to(april: Shop, formula: str, amount: int) -> None:
    # Values 3, 5 and 4 at 0.02: their sum 12 is 0.24, their number 3 is 0.06, the last 4 is 0.08.
    subscription = begin(april, metered(april, meter(april, formula)))
    for day, value in enumerate((3, 5, 4)):
        april.advance(to=APRIL_1 + day * DAY + 1)
        use(april, subscription, value)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [amount]


def test_a_window_takes_only_the_newest_event_of_each_day(april: Shop) -> None:
    # recording-usage: 9 overwrites 7 of the same day; with 5 of the next, 14 at 0.02 are 0.28.
    subscription = begin(april, metered(april, meter(april, event_time_window="day")))
    for second, value in ((60, 7), (2 * HOUR, 9), (DAY + 60, 5)):
        april.advance(to=APRIL_1 + second)
        use(april, subscription, value)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [28]


def test_parts_of_a_cent_are_rounded_once(april: Shop) -> None:
    # 1,001 calls at 0.005 are 5.005, rounded half up to 5.01.
    subscription = begin(april, metered(april, meter(april), unit_amount_decimal="0.5"))
    use(april, subscription, 1001)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [501]


def test_usage_by_tier_includes_what_the_fee_covers(april: Shop) -> None:
    # A fixed fee and overage (docs.stripe.com/products-prices/pricing-models): 20.00 with 1,000
    # calls, each further one 0.03.
    # 1,200 calls are 20.00 + 200 x 0.03 = 26.00; none at all are still 20.00.
    tiers = [{"up_to": 1000, "flat_amount": 2000}, {"up_to": "inf", "unit_amount": 3}]
    scheme = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    sold = metered(april, meter(april), **scheme)
    busy, idle = begin(april, sold), begin(april, sold)
    use(april, busy, 1200)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert (billed(april, busy).total, billed(april, idle).total) == (2600, 2000)


def test_usage_that_is_reported_late_is_on_the_draft_yet(april: Shop) -> None:
    # configure-grace-period: 100 calls in time and 50 reported half an hour later are 3.00; what
    # happened in May waits for May's invoice.
    subscription = begin(april, metered(april, meter(april)))
    use(april, subscription, 100)
    april.advance(to=MAY_1 + HOUR // 2)
    draft = lines(billed(april, subscription))
    use(april, subscription, 50, timestamp=MAY_1 - 1)
    use(april, subscription, 7)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert (draft, lines(billed(april, subscription))) == ([200], [300])
    shown = april.stripe.invoices.create_preview({"subscription": subscription.id})
    assert lines(shown) == [14]


def test_an_event_that_is_taken_back_counts_no_more(april: Shop) -> None:
    # 100 + 900 - 900 = 100 calls at 0.02 are 2.00.
    subscription = begin(april, metered(april, meter(april)))
    use(april, subscription, 100)
    use(april, subscription, 900, identifier="a mistake")
    cancel = {"event_name": "calls", "type": "cancel", "cancel": {"identifier": "a mistake"}}

    done = april.stripe.billing.meter_event_adjustments.create(cancel)
    april.advance(to=MAY_1 + 2 * HOUR)

    assert (done.status, lines(billed(april, subscription))) == ("complete", [200])


def test_another_metered_price_is_billed_from_its_day_on(april: Shop) -> None:
    # manage-billing-setup: 100 calls at 0.02 until the 16th are 2.00, billed with the next
    # invoice; the 40 after it cost 0.05 each = 2.00.
    counts = meter(april)
    subscription = begin(april, metered(april, counts))
    use(april, subscription, 100)
    april.advance(to=APRIL_16)
    item = subscription["items"].data[0].id
    dearer = metered(april, counts, unit_amount=5)

    april.stripe.subscriptions.update(subscription.id, {"items": [{"id": item, "price": dearer}]})
    use(april, subscription, 40)
    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [200, 200]


def test_a_metered_price_that_goes_without_prorations_is_not_billed(april: Shop) -> None:
    subscription = begin(april, price(april, 1000), metered(april, meter(april)))
    use(april, subscription, 100)
    april.advance(to=APRIL_16)

    april.stripe.subscription_items.delete(
        subscription["items"].data[1].id, {"proration_behavior": "none"}
    )
    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [1000]


def test_the_end_bills_what_was_used_when_it_is_asked_for(april: Shop) -> None:
    # subscriptions/cancel: `invoice_now` bills the 100 calls = 2.00; without it nothing is billed.
    sold = metered(april, meter(april))
    asked, left = begin(april, sold), begin(april, sold)
    for one in (asked, left):
        use(april, one, 100)
    april.advance(to=APRIL_16)

    april.stripe.subscriptions.cancel(asked.id, {"invoice_now": True})
    april.stripe.subscriptions.cancel(left.id)

    assert lines(billed(april, asked)) == [200]
    assert april.invoices(subscription=left.id) == []


def test_at_the_planned_end_the_last_period_is_billed(april: Shop) -> None:
    subscription = begin(april, metered(april, meter(april)), cancel_at_period_end=True)
    use(april, subscription, 100)

    april.advance(to=MAY_1 + 2 * HOUR)

    assert lines(billed(april, subscription)) == [200]
    assert april.subscription(subscription.id).status == "canceled"


def test_what_is_used_during_a_trial_is_free(april: Shop) -> None:
    # 100 calls in the trial until the 16th are not billed, 30 after it are 0.60.
    subscription = begin(april, metered(april, meter(april)), trial_end=APRIL_16)
    use(april, subscription, 100)
    april.advance(to=APRIL_16 + 2 * HOUR)
    after_the_trial = lines(billed(april, subscription))
    use(april, subscription, 30)

    april.advance(to=APRIL_16 + 31 * DAY)

    assert (after_the_trial, lines(billed(april, subscription))) == ([0], [60])


def test_summaries_add_up_as_the_invoice_does(april: Shop) -> None:
    counts = meter(april)
    subscription = begin(april, metered(april, counts))
    for second, value in ((60, 7), (2 * HOUR, 9), (DAY + 60, 5)):
        april.advance(to=APRIL_1 + second)
        use(april, subscription, value)
    asked = {"customer": subscription.customer, "start_time": APRIL_1, "end_time": MAY_1}
    summaries = april.stripe.billing.meters.event_summaries

    whole = summaries.list(counts, asked).data
    days = summaries.list(counts, {**asked, "value_grouping_window": "day"}).data

    assert [one.aggregated_value for one in whole] == [21]
    assert [(one.start_time, one.aggregated_value) for one in days] == [
        (APRIL_1 + DAY, 5),
        (APRIL_1, 16),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_name": "nobody counts this"},
        {"timestamp": APRIL_1 - 36 * DAY},
        {"timestamp": APRIL_1 + 6 * 60},
        {"identifier": "known"},
        {"payload": {"value": "1"}},
        {"payload": {"stripe_customer_id": "cus_nobody", "value": "1"}},
    ],
    ids=["event", "too old", "too early", "again", "of nobody", "of a stranger"],
)
def test_an_event_that_cannot_be_counted_is_refused(april: Shop, wrong: dict[str, Any]) -> None:
    subscription = begin(april, metered(april, meter(april)))
    use(april, subscription, 1, identifier="known")

    payload = {"stripe_customer_id": subscription.customer, "value": "1"}
    event = {"event_name": "calls", "payload": payload, **wrong}

    with pytest.raises(stripe.InvalidRequestError):
        april.stripe.billing.meter_events.create(event)
