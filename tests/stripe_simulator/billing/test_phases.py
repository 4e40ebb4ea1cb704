"""What else a phase may say: trials, taxes, coupons of items, fees, how it is collected.

docs.stripe.com/billing/subscriptions/subscription-schedules/use-cases; amounts worked out by hand.
"""

import pytest
import stripe

from tests.stripe_simulator.billing.test_schedules import JUNE_1, again, phase, scheduled
from tests.stripe_simulator.shop import DAY, HOUR, Shop, period
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, MAY_1, lines, price, start


@pytest.fixture
def april(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    return shop


def paid(shop: Shop, subscription: str) -> list[int]:
    return [one.amount_paid for one in shop.invoices(subscription=subscription)]


def test_a_phase_on_trial_is_followed_by_one_that_is_paid(april: Shop) -> None:
    # April is free, May costs 20.00.
    ten, twenty = price(april, 1000), price(april, 2000)
    schedule = scheduled(april, phase(ten, trial=True), phase(twenty))
    begun = april.subscription(schedule.subscription)

    april.advance(to=MAY_1 + HOUR)

    assert (begun.status, begun.trial_end) == ("trialing", MAY_1)
    assert april.subscription(schedule.subscription).status == "active"
    assert paid(april, schedule.subscription) == [0, 2000]


def test_a_trial_may_begin_with_a_later_phase(april: Shop) -> None:
    # April costs 10.00; then a larger plan is free until 16 May, and 20.00 from then on.
    later = phase(price(april, 2000), trial_end=MAY_1 + 15 * DAY, duration={"interval": "year"})
    schedule = scheduled(april, phase(price(april, 1000)), later)

    april.advance(to=MAY_1 + 15 * DAY + HOUR)

    after = april.subscription(schedule.subscription)
    assert (after.status, period(after)[0]) == ("active", MAY_1 + 15 * DAY)
    assert paid(april, schedule.subscription) == [1000, 0, 2000]


def test_items_have_taxes_and_coupons_of_their_own(april: Shop) -> None:
    # 10.00 less 10 % and 20 % of tax on it: 9.00 and 1.80, 10.80. Then 10.00 without either.
    tax = april.stripe.tax_rates.create(
        {"display_name": "Tax", "percentage": 20, "inclusive": False}
    ).id
    tenth = april.stripe.coupons.create({"percent_off": 10, "duration": "forever"}).id
    ten = price(april, 1000)
    first = {"items": [{"price": ten, "tax_rates": [tax], "discounts": [{"coupon": tenth}]}]}

    schedule = scheduled(april, first, phase(ten))
    april.advance(to=MAY_1 + HOUR)

    assert paid(april, schedule.subscription) == [1080, 1000]


def test_a_phase_begins_with_a_fee(april: Shop) -> None:
    # A fee of 5.00 with April, and one of 7.00 with May.
    def fee(amount: int) -> list[dict[str, str]]:
        made = april.stripe.prices.create(
            {"currency": "eur", "unit_amount": amount, "product_data": {"name": "Fee"}}
        )
        return [{"price": made.id}]

    ten = price(april, 1000)
    schedule = scheduled(
        april, phase(ten, add_invoice_items=fee(500)), phase(ten, add_invoice_items=fee(700))
    )

    april.advance(to=JUNE_1 + HOUR)

    assert paid(april, schedule.subscription) == [1500, 1700, 1000]


def test_a_phase_may_begin_another_rhythm(april: Shop) -> None:
    # On 16 April: 15 of 30 days of 10.00 are credited, 30.00 begin anew: 25.00; then on the 16th.
    first = phase(price(april, 1000), end_date=APRIL_16)
    second = phase(price(april, 3000), billing_cycle_anchor="phase_start")
    schedule = scheduled(april, first, second)

    april.advance(to=APRIL_16 + HOUR)

    after = april.subscription(schedule.subscription)
    assert period(after) == (APRIL_16, APRIL_16 + 30 * DAY)
    assert lines(april.invoices(subscription=after.id)[-1]) == [-500, 3000]


def test_invoices_are_sent_where_the_schedule_says_so(april: Shop) -> None:
    ten = price(april, 1000)
    schedule = scheduled(
        april,
        phase(ten),
        phase(ten, collection_method="charge_automatically"),
        default_settings={
            "collection_method": "send_invoice",
            "invoice_settings": {"days_until_due": 10},
            "description": "Two phases",
        },
    )
    begun = april.subscription(schedule.subscription)

    april.advance(to=MAY_1 + HOUR)

    after = april.subscription(schedule.subscription)
    assert (begun.collection_method, begun.days_until_due) == ("send_invoice", 10)
    assert (after.collection_method, after.days_until_due) == ("charge_automatically", None)
    assert after.description == "Two phases"
    assert [one.status for one in april.invoices(subscription=after.id)] == ["open", "paid"]


def test_what_a_phase_does_not_name_stays_as_it_is(april: Shop) -> None:
    # The usual way down names prices only: card, notes and description are the subscription's own.
    subscription = start(april, price(april, 2000), metadata={"user": "7"}, description="Mine")
    card = april.stripe.customers.payment_methods.list(subscription.customer).data[0].id
    april.stripe.subscriptions.update(subscription.id, {"default_payment_method": card})
    schedule = april.stripe.subscription_schedules.create({"from_subscription": subscription.id})
    current = schedule.phases[0]
    kept = {"items": [{"price": current["items"][0].price, "quantity": 1}]}

    april.stripe.subscription_schedules.update(
        schedule.id,
        {
            "phases": [
                {**kept, "start_date": current.start_date, "end_date": current.end_date},
                phase(price(april, 500), metadata={"plan": "small"}),
            ]
        },
    )
    april.advance(to=MAY_1 + HOUR)

    after = april.subscription(subscription.id)
    assert after.metadata.to_dict() == {"user": "7", "plan": "small"}
    assert (after.description, after.default_payment_method) == ("Mine", card)


def test_the_end_that_a_schedule_plans_is_shown_and_may_be_kept(april: Shop) -> None:
    ten = price(april, 1000)
    plans = [scheduled(april, phase(ten), phase(ten), end_behavior="cancel") for _ in range(2)]
    shown = [april.subscription(one.subscription).cancel_at for one in plans]

    april.stripe.subscription_schedules.release(plans[0].id, {"preserve_cancel_date": True})
    april.stripe.subscription_schedules.release(plans[1].id)
    april.advance(to=JUNE_1 + HOUR)

    assert shown == [JUNE_1, JUNE_1]
    statuses = [april.subscription(one.subscription).status for one in plans]
    assert statuses == ["canceled", "active"]


def test_schedules_are_found_by_what_became_of_them(april: Shop) -> None:
    ten = price(april, 1000)
    released = scheduled(april, phase(ten))
    waiting = scheduled(april, phase(ten), start_date=MAY_1)
    april.advance(to=APRIL_16)
    april.stripe.subscription_schedules.release(released.id)

    def found(**asked: object) -> list[str]:
        return [one.id for one in april.stripe.subscription_schedules.list(asked).data]

    assert found(released_at={"gte": APRIL_16}) == [released.id]
    assert found(released_at={"lt": APRIL_16}) == []
    assert found(scheduled=True) == [waiting.id]
    assert again(april, released).released_at == APRIL_16


@pytest.mark.parametrize(
    "wrong",
    [
        {"trial": True, "trial_end": APRIL_16},
        {"trial_end": JUNE_1 + DAY},
        {"collection_method": "send_invoice"},
        {"add_invoice_items": [{"quantity": 1}]},
    ],
)
def test_a_phase_that_contradicts_itself_is_refused(april: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        scheduled(april, phase(price(april, 1000), **wrong))

    assert april.invoices() == []
