"""Worked examples: changes whose invoice is not paid.

Each amount is derived in the test; docs.stripe.com/billing/subscriptions/pending-updates says what
becomes of the change.
"""

import pytest
import stripe

from tests.stripe_simulator.shop import FAILS_LATER, HOUR, Shop
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, change, price, start


@pytest.fixture
def april(shop: Shop) -> Shop:
    """1 April 2026, 00:00 UTC: a month of 30 days = 2,592,000 seconds begins."""
    shop.advance(to=APRIL_1)
    return shop


def test_an_upgrade_that_is_not_paid_leaves_the_subscription_past_due(april: Shop) -> None:
    subscription = start(april, price(april, 1000), card=FAILS_LATER)
    april.advance(to=APRIL_16)

    changed = change(
        april, subscription, price=price(april, 2000), proration_behavior="always_invoice"
    )

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (changed.status, invoice.status, invoice.amount_remaining) == ("past_due", "open", 500)


def test_an_upgrade_that_may_not_stay_unpaid_is_not_made(april: Shop) -> None:
    subscription = start(april, price(april, 1000), card=FAILS_LATER)
    april.advance(to=APRIL_16)

    with pytest.raises(stripe.CardError):
        change(
            april,
            subscription,
            price=price(april, 2000),
            proration_behavior="always_invoice",
            payment_behavior="error_if_incomplete",
        )

    after = april.subscription(subscription.id)
    assert (after.status, after["items"].data[0].price.unit_amount) == ("active", 1000)
    assert len(april.invoices(subscription=subscription.id)) == 1


def test_an_upgrade_waits_as_a_pending_update_until_it_is_paid(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/pending-updates.
    subscription = start(april, price(april, 1000), card=FAILS_LATER)
    april.advance(to=APRIL_16)

    waiting = change(
        april,
        subscription,
        price=price(april, 2000),
        proration_behavior="always_invoice",
        payment_behavior="pending_if_incomplete",
    )
    april.stripe.invoices.pay(waiting.latest_invoice, {"payment_method": "pm_card_visa"})
    paid = april.subscription(subscription.id)

    assert (waiting.status, waiting["items"].data[0].price.unit_amount) == ("active", 1000)
    assert waiting.pending_update.subscription_items[0].price.unit_amount == 2000
    assert waiting.pending_update.expires_at == APRIL_16 + 23 * HOUR
    assert (paid.pending_update, paid["items"].data[0].price.unit_amount) == (None, 2000)
    assert len(april.events("customer.subscription.pending_update_applied")) == 1


def test_a_pending_update_that_nobody_pays_for_is_dropped_after_23_hours(april: Shop) -> None:
    subscription = start(april, price(april, 1000), card=FAILS_LATER)
    april.advance(to=APRIL_16)
    waiting = change(
        april,
        subscription,
        price=price(april, 2000),
        proration_behavior="always_invoice",
        payment_behavior="pending_if_incomplete",
    )

    told = april.advance(seconds=23 * HOUR)

    after = april.subscription(subscription.id)
    assert "customer.subscription.pending_update_expired" in told
    assert (after.pending_update, after["items"].data[0].price.unit_amount) == (None, 1000)
    assert april.stripe.invoices.retrieve(waiting.latest_invoice).status == "void"
