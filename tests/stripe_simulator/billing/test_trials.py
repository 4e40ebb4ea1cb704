import pytest

from tests.stripe_simulator.shop import DAY, FAILS_LATER, HOUR, JANUARY_31, Shop, period, seconds

FORTNIGHT = {"trial_period_days": 14}


def test_a_trial_costs_nothing_warns_three_days_ahead_and_becomes_paid(shop: Shop) -> None:
    subscription = shop.subscribed(shop.monthly(1200), subscription_data=FORTNIGHT)
    trial_end = JANUARY_31 + 14 * DAY

    early = shop.advance(to=trial_end - 3 * DAY - 1)
    warned = shop.advance(to=trial_end - 3 * DAY)
    at_the_end = shop.advance(to=trial_end)
    an_hour_later = shop.advance(to=trial_end + HOUR)

    first, second = shop.invoices(subscription=subscription.id)
    after = shop.subscription(subscription.id)
    assert (subscription.status, subscription.trial_end) == ("trialing", trial_end)
    assert period(subscription) == (JANUARY_31, trial_end)
    assert (first.total, first.status, first.lines.data[0].amount) == (0, "paid", 0)
    assert early == ["invoice.upcoming"]  # seven days ahead
    assert warned == ["customer.subscription.trial_will_end"]
    assert at_the_end == ["invoice.created", "customer.subscription.updated"]
    assert "invoice.paid" in an_hour_later
    assert (second.amount_paid, second.billing_reason) == (1200, "subscription_cycle")
    assert after.status == "active"
    assert period(after) == (trial_end, seconds("2026-03-14 10:00"))


def test_a_checkout_of_a_trial_asks_for_nothing_today(shop: Shop) -> None:
    session = shop.session(shop.monthly(), subscription_data=FORTNIGHT)

    assert (session.amount_total, session.payment_status) == (0, "no_payment_required")


def test_a_short_trial_warns_at_once(shop: Shop) -> None:
    shop.subscribed(subscription_data={"trial_period_days": 2})

    assert len(shop.events("customer.subscription.trial_will_end")) == 1


def test_a_card_that_was_saved_in_a_trial_may_fail_when_it_ends(shop: Shop) -> None:
    subscription = shop.subscribed(card=FAILS_LATER, subscription_data=FORTNIGHT)

    happened = shop.advance(to=JANUARY_31 + 14 * DAY + HOUR)

    assert happened[-2:] == ["customer.updated", "customer.subscription.updated"]
    assert shop.subscription(subscription.id).status == "past_due"
    assert shop.invoices(subscription=subscription.id)[-1].status == "open"


@pytest.mark.parametrize(
    ("behavior", "status"), [("cancel", "canceled"), ("create_invoice", "past_due")]
)
def test_a_trial_without_a_card_ends_as_it_was_told(shop: Shop, behavior: str, status: str) -> None:
    customer = shop.stripe.customers.create({})
    subscription = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "trial_period_days": 7,
            "trial_settings": {"end_behavior": {"missing_payment_method": behavior}},
        }
    )

    shop.advance(to=JANUARY_31 + 7 * DAY + HOUR)

    assert subscription.status == "trialing"
    assert shop.subscription(subscription.id).status == status
