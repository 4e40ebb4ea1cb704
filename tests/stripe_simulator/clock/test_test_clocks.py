"""Customers on test clocks: a time of their own (docs.stripe.com/billing/testing/test-clocks)."""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, HOUR, JANUARY_31, Shop, period, seconds

MAY = seconds("2026-05-01 00:00")


def clock(shop: Shop, at: int = MAY) -> Any:
    return shop.stripe.test_helpers.test_clocks.create({"frozen_time": at, "name": "Ada's"})


def subscribed(shop: Shop, clock_id: str) -> Any:
    customer = shop.stripe.customers.create(
        {"test_clock": clock_id, "payment_method": "pm_card_visa"}
    )
    card = shop.stripe.customers.payment_methods.list(customer.id).data[0].id
    return shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "default_payment_method": card,
        }
    )


def arrives(shop: Shop, clock_id: str, at: int) -> Any:
    advancing = shop.stripe.test_helpers.test_clocks.advance(clock_id, {"frozen_time": at})
    assert advancing.status == "advancing"
    assert advancing.status_details.advancing.target_frozen_time == at
    return shop.stripe.test_helpers.test_clocks.retrieve(clock_id)


def test_a_customer_lives_in_the_time_of_his_clock(shop: Shop) -> None:
    made = clock(shop)

    subscription = subscribed(shop, made.id)

    assert (made.status, made.created) == ("ready", JANUARY_31)
    assert (subscription.test_clock, subscription.created) == (made.id, MAY)
    assert period(subscription) == (MAY, seconds("2026-06-01 00:00"))
    invoice = shop.stripe.invoices.retrieve(subscription.latest_invoice)
    assert (invoice.test_clock, invoice.status_transitions.paid_at) == (made.id, MAY)


def test_only_his_clock_brings_him_what_is_due(shop: Shop) -> None:
    made = clock(shop)
    subscription = subscribed(shop, made.id)

    told = shop.advance(seconds=29 * DAY)
    arrives(shop, made.id, seconds("2026-06-01 02:00"))
    ready = arrives(shop, made.id, seconds("2026-07-01 02:00"))

    assert "invoice.created" not in told
    assert (ready.status, ready.frozen_time) == ("ready", seconds("2026-07-01 02:00"))
    invoices = shop.stripe.invoices.list({"subscription": subscription.id}).data[::-1]
    assert [invoice.created for invoice in invoices] == [
        MAY,
        seconds("2026-06-01 00:00"),
        seconds("2026-07-01 00:00"),
    ]
    assert [invoice.status for invoice in invoices] == ["paid"] * 3


def test_the_others_do_not_notice(shop: Shop) -> None:
    other = shop.subscribed()
    made = clock(shop)
    subscribed(shop, made.id)

    arrives(shop, made.id, seconds("2026-07-01 00:00"))

    assert len(shop.invoices(subscription=other.id)) == 1
    told = shop.advance(seconds=28 * DAY + 2 * HOUR)
    assert "invoice.paid" in told


def test_a_clock_tells_of_itself_and_goes_forward_only(shop: Shop) -> None:
    made = clock(shop)

    arrives(shop, made.id, MAY + DAY)
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.test_helpers.test_clocks.advance(made.id, {"frozen_time": MAY})

    told = [one.type.rpartition(".")[2] for one in shop.events() if "test_clock" in one.type]
    assert told == ["created", "advancing", "ready"]


def test_a_clock_goes_two_intervals_of_the_shortest_subscription_at_a_time(shop: Shop) -> None:
    # docs.stripe.com/api/test_clocks/advance: two intervals, or two years without a subscription.
    empty, made = clock(shop), clock(shop)
    subscribed(shop, made.id)

    with pytest.raises(stripe.InvalidRequestError) as too_far:
        arrives(shop, made.id, seconds("2026-07-01 00:01"))
    with pytest.raises(stripe.InvalidRequestError):
        arrives(shop, empty.id, seconds("2028-05-01 00:01"))

    assert too_far.value.param == "frozen_time"
    assert arrives(shop, made.id, seconds("2026-07-01 00:00")).status == "ready"
    assert arrives(shop, empty.id, seconds("2028-05-01 00:00")).status == "ready"


def test_a_clock_has_three_customers_and_takes_them_along(shop: Shop) -> None:
    made = clock(shop)
    subscription = subscribed(shop, made.id)
    for _ in range(2):
        shop.stripe.customers.create({"test_clock": made.id})
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.customers.create({"test_clock": made.id})
    outside = shop.stripe.customers.create({})

    assert len(shop.stripe.customers.list({"test_clock": made.id}).data) == 3
    assert [one.id for one in shop.stripe.customers.list().data] == [outside.id]
    assert shop.stripe.test_helpers.test_clocks.delete(made.id).deleted is True
    assert shop.stripe.customers.retrieve(subscription.customer).deleted is True
    assert shop.subscription(subscription.id).status == "canceled"
    assert shop.stripe.test_helpers.test_clocks.list().data == []


def test_checkout_of_a_customer_on_a_clock_happens_in_its_time(shop: Shop) -> None:
    made = clock(shop)
    customer = shop.stripe.customers.create({"test_clock": made.id})
    session = shop.session(
        shop.monthly(), customer=customer.id, subscription_data={"trial_period_days": 14}
    )

    assert shop.pay(session.id).status_code == 200
    id_ = shop.stripe.checkout.sessions.retrieve(session.id).subscription
    arrives(shop, made.id, MAY + 14 * DAY + 2 * HOUR)

    assert shop.subscription(id_).trial_end == MAY + 14 * DAY
    assert shop.subscription(id_).status == "active"
    assert len(shop.events("customer.subscription.trial_will_end")) == 1


def test_a_clock_is_gone_after_thirty_days(shop: Shop) -> None:
    made = clock(shop)

    shop.advance(seconds=30 * DAY)

    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.test_helpers.test_clocks.advance(made.id, {"frozen_time": MAY + DAY})
