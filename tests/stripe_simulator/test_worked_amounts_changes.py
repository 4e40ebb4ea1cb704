"""Worked examples: changes in the middle of a period.

Each amount is derived in the test. The rule is that of docs.stripe.com/billing/subscriptions/
prorations: to the second, credit for the unused part of what was billed, charge for the same part
of the new price; every part is rounded to the minor unit for itself.
"""

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, HOUR, Shop
from tests.stripe_simulator.worked import (
    APRIL_1,
    APRIL_16,
    MAY_1,
    change,
    lines,
    price,
    start,
)

PRORATIONS = "docs.stripe.com/billing/subscriptions/prorations"


@pytest.fixture
def april(shop: Shop) -> Shop:
    """1 April 2026, 00:00 UTC: a month of 30 days = 2,592,000 seconds begins."""
    shop.advance(to=APRIL_1)
    return shop


def test_an_upgrade_at_half_time_costs_half_the_difference(april: Shop) -> None:
    # The example of the prorations page: 10 to 20 a month at half time is -5 + 10 = 5.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-500, 1000]
    assert (invoice.total, invoice.amount_paid, invoice.status) == (500, 500, "paid")
    assert invoice.billing_reason == "subscription_update"


def test_the_lines_of_a_proration_say_what_they_are(april: Shop) -> None:
    old, new = price(april, 1000), price(april, 2000)
    subscription = start(april, old)
    first = april.invoices(subscription=subscription.id)[0]
    april.advance(to=APRIL_16)

    change(april, subscription, price=new, proration_behavior="always_invoice")

    credit, charge = april.invoices(subscription=subscription.id)[-1].lines.data
    details = credit.parent.subscription_item_details
    assert credit.description == "Unused time on Pro after 16 Apr 2026"
    assert charge.description == "Remaining time on Pro after 16 Apr 2026"
    assert (details.proration, details.subscription) == (True, subscription.id)
    assert details.subscription_item == subscription["items"].data[0].id
    assert details.proration_details.credited_items.to_dict() == {
        "invoice": first.id,
        "invoice_line_items": [first.lines.data[0].id],
    }
    assert (credit.pricing.price_details.price, charge.pricing.price_details.price) == (old, new)
    assert (charge.period.start, charge.period.end) == (APRIL_16, MAY_1)
    assert (credit.discountable, charge.discountable) == (False, False)


def test_an_upgrade_waits_for_the_next_invoice_unless_told_otherwise(april: Shop) -> None:
    # -500 + 1000 for the second half of April, and 2000 for May: 2500 on 1 May.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000))
    assert len(april.invoices(subscription=subscription.id)) == 1
    april.advance(to=MAY_1 + HOUR)

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-500, 1000, 2000]
    assert invoice.amount_paid == 2500


def test_an_upgrade_without_proration_is_paid_from_the_next_period_on(april: Shop) -> None:
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000), proration_behavior="none")
    april.advance(to=MAY_1 + HOUR)

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [2000]


def test_a_downgrade_is_credited_on_the_next_invoice(april: Shop) -> None:
    # -2000 / 2 + 1000 / 2 = -500, and 1000 for May: 500.
    subscription = start(april, price(april, 2000))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 1000))
    april.advance(to=MAY_1 + HOUR)

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-1000, 500, 1000]
    assert (invoice.total, invoice.amount_paid) == (500, 500)


def test_a_downgrade_invoiced_at_once_becomes_a_credit_balance(april: Shop) -> None:
    # docs.stripe.com/billing/customer/balance: -1000 + 500 = -500 is nothing to pay and a credit
    # of 500, which the 1000 of May use up: 500 are charged.
    subscription = start(april, price(april, 2000))
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 1000), proration_behavior="always_invoice")
    invoice = april.invoices(subscription=subscription.id)[-1]
    balance = april.stripe.customers.retrieve(subscription.customer).balance
    april.advance(to=MAY_1 + HOUR)
    may = april.invoices(subscription=subscription.id)[-1]

    assert (invoice.total, invoice.amount_due, invoice.ending_balance) == (-500, 0, -500)
    assert (invoice.status, balance) == ("paid", -500)
    assert (may.total, may.starting_balance, may.ending_balance) == (1000, -500, 0)
    assert (may.amount_due, may.amount_paid) == (500, 500)


def test_more_seats_cost_their_share(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/quantities: 2 seats at 700 become 5 after 20 days.
    # 10 of 30 days are left: -1400 / 3 = -466.67 -> -467, 3500 / 3 = 1166.67 -> 1167.
    subscription = start(april, price(april, 700), quantity=2)
    april.advance(to=APRIL_1 + 20 * DAY)

    change(april, subscription, quantity=5, proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-467, 1167]
    assert invoice.amount_paid == 700
    assert invoice.lines.data[1].description == "Remaining time on 5 × Pro after 21 Apr 2026"  # noqa: RUF001


def test_fewer_seats_are_credited(april: Shop) -> None:
    # 5 seats at 700 become 2 after 20 days: -3500 / 3 -> -1167, 1400 / 3 -> 467: -700.
    subscription = start(april, price(april, 700), quantity=5)
    april.advance(to=APRIL_1 + 20 * DAY)

    change(april, subscription, quantity=2)
    april.advance(to=MAY_1 + HOUR)

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-1167, 467, 1400]
    assert invoice.amount_paid == 700


def test_a_second_counts(april: Shop) -> None:
    # One second before the end 1 / 2,592,000 of 99,999,999 is 38.58 -> 39, of 259,200,0 it is 1.
    subscription = start(april, price(april, 2_592_000))
    april.advance(to=MAY_1 - 1)

    change(april, subscription, price=price(april, 99_999_999), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-1, 39]


def test_a_change_in_the_first_second_exchanges_everything(april: Shop) -> None:
    subscription = start(april, price(april, 1000))

    change(april, subscription, price=price(april, 2500), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-1000, 2500]


def test_two_changes_in_one_period_credit_what_was_really_billed(april: Shop) -> None:
    # With flexible billing mode a credit is a share of the debit before it:
    # docs.stripe.com/billing/subscriptions/billing-mode/compare. After 15 days 1000 -> 2000 is
    # -500 + 1000; after 20 days 2000 -> 500 is -(1000 * 10 / 15) = -667 and 500 / 3 = 167.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")
    april.advance(to=APRIL_1 + 20 * DAY)

    change(april, subscription, price=price(april, 500), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-667, 167]


def test_a_free_change_is_not_credited_later(april: Shop) -> None:
    # 1000 were billed for April. After 15 days 3000 begin without proration: nothing is billed.
    # After 20 days 2000: credit for the third that is left of the 1000, charge 2000 / 3.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    change(april, subscription, price=price(april, 3000), proration_behavior="none")
    april.advance(to=APRIL_1 + 20 * DAY)

    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-333, 667]


def test_another_item_is_charged_for_the_rest_of_the_period(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/multiple-products: 600 for 10 of 30 days is 200.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_1 + 20 * DAY)

    added = april.stripe.subscription_items.create(
        {"subscription": subscription.id, "price": price(april, 600)}
    )
    april.advance(to=MAY_1 + HOUR)

    assert (added.current_period_start, added.current_period_end) == (APRIL_1, MAY_1)
    assert lines(april.invoices(subscription=subscription.id)[-1]) == [200, 1000, 600]


def test_an_item_that_is_removed_is_credited(april: Shop) -> None:
    # 600 for 10 of 30 days that are not used: -200.
    subscription = start(april, price(april, 1000), price(april, 600))
    april.advance(to=APRIL_1 + 20 * DAY)

    april.stripe.subscription_items.delete(subscription["items"].data[1].id)
    april.advance(to=MAY_1 + HOUR)

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-200, 1000]


def test_the_last_item_stays(april: Shop) -> None:
    subscription = start(april, price(april, 1000))

    with pytest.raises(stripe.InvalidRequestError):
        april.stripe.subscription_items.delete(subscription["items"].data[0].id)

    assert len(april.subscription(subscription.id)["items"].data) == 1


def test_a_proration_date_moves_the_second_that_counts(april: Shop) -> None:
    # It is 21 April, and the change counts from 16 April: half a month as in the first example.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_1 + 20 * DAY)

    change(
        april,
        subscription,
        price=price(april, 2000),
        proration_behavior="always_invoice",
        proration_date=APRIL_16,
    )

    assert lines(april.invoices(subscription=subscription.id)[-1]) == [-500, 1000]


def test_an_end_at_once_with_credit_leaves_a_balance(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/cancel: 10 of 30 days of 3000: 1000 back as balance.
    subscription = start(april, price(april, 3000))
    april.advance(to=APRIL_1 + 20 * DAY)

    april.stripe.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (lines(invoice), invoice.total, invoice.amount_due) == ([-1000], -1000, 0)
    assert april.stripe.customers.retrieve(subscription.customer).balance == -1000


def test_prorations_that_wait_are_collected_at_the_planned_end(april: Shop) -> None:
    # -500 + 1000 of the upgrade wait until 1 May, when the subscription ends: 500.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    change(april, subscription, price=price(april, 2000))
    april.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    april.advance(to=MAY_1)

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert april.subscription(subscription.id).status == "canceled"
    assert (lines(invoice), invoice.amount_paid) == ([-500, 1000], 500)
