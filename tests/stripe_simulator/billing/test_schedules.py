"""docs.stripe.com/billing/subscriptions/subscription-schedules, with amounts worked out by hand."""

from typing import Any

import pytest

from tests.stripe_simulator.shop import DAY, HOUR, Shop, period
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

JUNE_1 = MAY_1 + 31 * DAY


@pytest.fixture
def april(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    return shop


def phase(price: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"price": price, "quantity": 1}], **more}


def scheduled(shop: Shop, *phases: dict[str, Any], **more: Any) -> Any:
    return shop.stripe.subscription_schedules.create(
        {"customer": customer(shop), "phases": list(phases), **more}
    )


def again(shop: Shop, schedule: Any) -> Any:
    return shop.stripe.subscription_schedules.retrieve(schedule.id)


def test_a_phase_that_begins_with_a_period_changes_what_it_costs(april: Shop) -> None:
    # A month at 1000, then 2000 a month, and no proration between them.
    schedule = scheduled(april, phase(price(april, 1000)), phase(price(april, 2000)))

    april.advance(to=JUNE_1 + HOUR)

    found = april.invoices(subscription=schedule.subscription)
    assert [lines(invoice) for invoice in found] == [[1000], [2000], [2000]]
    after = again(april, schedule)
    assert (after.status, after.released_subscription) == ("released", schedule.subscription)
    assert april.subscription(schedule.subscription).schedule is None


def test_a_phase_that_begins_within_a_period_is_prorated(april: Shop) -> None:
    # 1000 to 2000 on 16 April: -500 + 1000, with the 2000 of May.
    first = phase(price(april, 1000), end_date=APRIL_16)
    schedule = scheduled(april, first, phase(price(april, 2000)))

    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=schedule.subscription)
    assert lines(found[-1]) == [-500, 1000, 2000]


def test_a_phase_may_invoice_its_change_at_once(april: Shop) -> None:
    first = phase(price(april, 1000), end_date=APRIL_16)
    second = phase(price(april, 2000), proration_behavior="always_invoice")
    schedule = scheduled(april, first, second)

    april.advance(to=APRIL_16)

    found = april.invoices(subscription=schedule.subscription)
    assert (lines(found[-1]), found[-1].amount_paid) == ([-500, 1000], 500)


def test_a_schedule_may_end_its_subscription(april: Shop) -> None:
    duration = {"interval": "month", "interval_count": 2}
    schedule = scheduled(april, phase(price(april, 1000), duration=duration), end_behavior="cancel")

    told = april.advance(to=JUNE_1)

    assert "subscription_schedule.completed" in told
    assert "customer.subscription.deleted" in told
    assert again(april, schedule).status == "completed"
    assert len(april.invoices(subscription=schedule.subscription)) == 2


def test_a_schedule_begins_when_it_is_to(april: Shop) -> None:
    schedule = scheduled(april, phase(price(april, 1000)), start_date=MAY_1)

    april.advance(to=MAY_1)

    begun = again(april, schedule)
    assert (schedule.status, schedule.subscription) == ("not_started", None)
    assert begun.status == "active"
    assert period(april.subscription(begun.subscription)) == (MAY_1, JUNE_1)


def test_a_downgrade_waits_for_the_end_of_the_period(april: Shop) -> None:
    # The usual way down: the schedule of a subscription gets a second phase.
    subscription = start(april, price(april, 2000))
    schedule = april.stripe.subscription_schedules.create({"from_subscription": subscription.id})
    current = schedule.phases[0]
    kept = {"items": [{"price": current["items"][0].price, "quantity": 1}]}

    april.stripe.subscription_schedules.update(
        schedule.id,
        {
            "phases": [
                {**kept, "start_date": current.start_date, "end_date": current.end_date},
                phase(price(april, 500)),
            ]
        },
    )
    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=subscription.id)
    assert [lines(invoice) for invoice in found] == [[2000], [500]]


def test_a_coupon_lasts_for_its_phase(april: Shop) -> None:
    half = april.stripe.coupons.create({"percent_off": 50, "duration": "forever"}).id
    same = price(april, 1000)
    schedule = scheduled(april, phase(same, discounts=[{"coupon": half}]), phase(same))

    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=schedule.subscription)
    assert [invoice.amount_paid for invoice in found] == [500, 1000]


def test_who_releases_a_schedule_keeps_the_subscription(april: Shop) -> None:
    schedule = scheduled(april, phase(price(april, 1000)), phase(price(april, 2000)))

    released = april.stripe.subscription_schedules.release(schedule.id)
    april.advance(to=MAY_1 + HOUR)

    found = april.invoices(subscription=schedule.subscription)
    assert released.status == "released"
    assert [lines(invoice) for invoice in found] == [[1000], [1000]]


def test_who_cancels_a_schedule_ends_the_subscription_with_a_credit(april: Shop) -> None:
    schedule = scheduled(april, phase(price(april, 1000)))
    april.advance(to=APRIL_16)

    canceled = april.stripe.subscription_schedules.cancel(schedule.id)

    found = april.invoices(subscription=schedule.subscription)
    assert canceled.status == "canceled"
    assert april.subscription(schedule.subscription).status == "canceled"
    assert lines(found[-1]) == [-500]


def test_a_schedule_whose_subscription_is_ended_is_aborted(april: Shop) -> None:
    schedule = scheduled(april, phase(price(april, 1000)), phase(price(april, 2000)))

    april.stripe.subscriptions.cancel(schedule.subscription)

    assert again(april, schedule).status == "canceled"
    assert len(april.events("subscription_schedule.aborted")) == 1
    assert april.advance(to=JUNE_1) == []


def test_a_week_before_its_end_a_schedule_says_so(april: Shop) -> None:
    scheduled(april, phase(price(april, 1000)))

    assert "subscription_schedule.expiring" in april.advance(to=MAY_1 - 7 * DAY)


def test_a_change_between_phases_lasts_until_the_next_one(april: Shop) -> None:
    schedule = scheduled(april, phase(price(april, 1000)), phase(price(april, 2000)))
    subscription = april.subscription(schedule.subscription)

    change(april, subscription, quantity=2, proration_behavior="none")
    april.advance(to=MAY_1 + HOUR)

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [2000]
