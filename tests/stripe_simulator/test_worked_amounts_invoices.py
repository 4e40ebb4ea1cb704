"""Worked examples: previews, invoices that somebody writes, and the customer's balance."""

import pytest
import stripe

from tests.stripe_simulator.shop import DAY, HOUR, Shop
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
    shop.advance(to=APRIL_1)
    return shop


def test_a_preview_is_the_invoice_that_follows_to_the_cent(april: Shop) -> None:
    # docs.stripe.com/billing/subscriptions/prorations#preview-proration. 7 days and 5 hours are
    # 622,800 of 2,592,000 seconds: 1,969,200 are left. 1999 * 0.75972 = 1518.69 -> 1519, and
    # 4999 * 0.75972 = 3797.85 -> 3798: 2279 now.
    subscription = start(april, price(april, 1999))
    april.advance(to=APRIL_1 + 7 * DAY + 5 * HOUR)
    bigger = price(april, 4999)

    preview = april.stripe.invoices.create_preview(
        {
            "subscription": subscription.id,
            "subscription_details": {
                "items": [{"id": subscription["items"].data[0].id, "price": bigger}],
                "proration_behavior": "always_invoice",
            },
        }
    )
    before = april.events()
    change(april, subscription, price=bigger, proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(preview) == lines(invoice) == [-1519, 3798]
    assert (preview.total, preview.amount_due) == (2279, 2279)
    assert (invoice.total, invoice.amount_paid) == (2279, 2279)
    assert preview.id.startswith("upcoming_in_")
    assert not [event for event in before if event.type.startswith("invoiceitem")]


def test_a_preview_of_the_renewal_holds_what_waits_and_the_next_period(april: Shop) -> None:
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    details = {
        "items": [{"id": subscription["items"].data[0].id, "price": price(april, 2000)}],
        "proration_date": APRIL_16,
    }

    preview = april.stripe.invoices.create_preview(
        {"subscription": subscription.id, "subscription_details": details}
    )
    april.stripe.subscriptions.update(
        subscription.id, {"items": details["items"], "proration_date": APRIL_16}
    )
    april.advance(to=MAY_1 + HOUR)

    assert lines(preview) == [-500, 1000, 2000]
    assert lines(april.invoices(subscription=subscription.id)[-1]) == lines(preview)


def test_a_preview_changes_nothing(april: Shop) -> None:
    subscription = start(april, price(april, 1000))
    april.stripe.invoices.create_preview(
        {
            "subscription": subscription.id,
            "subscription_details": {"cancel_now": True},
        }
    )

    assert april.subscription(subscription.id).to_dict() == subscription.to_dict()
    assert len(april.invoices(subscription=subscription.id)) == 1


def test_a_preview_of_a_year_instead_of_a_month_is_due_now(april: Shop) -> None:
    # Half of 1000 is credited, the year costs 9000: 8500.
    subscription = start(april, price(april, 1000))
    april.advance(to=APRIL_16)
    yearly = price(april, 9000, "year")

    preview = april.stripe.invoices.create_preview(
        {
            "subscription": subscription.id,
            "subscription_details": {
                "items": [{"id": subscription["items"].data[0].id, "price": yearly}]
            },
        }
    )

    assert (lines(preview), preview.amount_due) == ([-500, 9000], 8500)


def test_a_preview_of_a_subscription_to_come_needs_no_customer(april: Shop) -> None:
    preview = april.stripe.invoices.create_preview(
        {"subscription_details": {"items": [{"price": price(april, 700), "quantity": 3}]}}
    )

    assert (lines(preview), preview.currency) == ([2100], "eur")


def test_nothing_comes_after_the_end(april: Shop) -> None:
    subscription = start(april, price(april, 1000))
    april.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    with pytest.raises(stripe.InvalidRequestError) as told:
        april.stripe.invoices.create_preview({"subscription": subscription.id})

    assert told.value.code == "invoice_upcoming_none"


def test_a_renewal_is_announced_seven_days_before_with_its_amount(april: Shop) -> None:
    subscription = start(april, price(april, 1000), quantity=3)

    assert april.advance(to=MAY_1 - 7 * DAY - 1) == []
    assert april.advance(to=MAY_1 - 7 * DAY) == ["invoice.upcoming"]

    announced = april.events("invoice.upcoming")[0].data.object
    assert announced.amount_due == 3000
    assert announced.parent.subscription_details.subscription == subscription.id


def test_an_item_that_waits_is_paid_with_the_next_renewal(april: Shop) -> None:
    # docs.stripe.com/billing/invoices/subscription says that it is added: 1000 and 250.
    subscription = start(april, price(april, 1000))
    april.stripe.invoice_items.create(
        {
            "customer": subscription.customer,
            "amount": 250,
            "currency": "eur",
            "description": "Set-up",
        }
    )

    april.advance(to=MAY_1 + HOUR)

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert (lines(invoice), invoice.amount_paid) == ([250, 1000], 1250)


def test_an_invoice_is_written_by_hand_and_paid(april: Shop) -> None:
    # docs.stripe.com/invoicing/integration: 3 at 450 and 199 once: 1549.
    who = customer(april)
    product = april.stripe.products.create({"name": "Hour"})
    once = april.stripe.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 450}
    )
    draft = april.stripe.invoices.create({"customer": who, "currency": "eur"})
    april.stripe.invoice_items.create(
        {"customer": who, "invoice": draft.id, "pricing": {"price": once.id}, "quantity": 3}
    )
    april.stripe.invoices.add_lines(draft.id, {"lines": [{"amount": 199, "description": "Travel"}]})

    april.stripe.invoices.finalize_invoice(draft.id)
    paid = april.stripe.invoices.pay(draft.id)

    assert lines(paid) == [1350, 199]
    assert (paid.total, paid.amount_paid, paid.status) == (1549, 1549, "paid")
    assert paid.billing_reason == "manual"


def test_a_draft_that_is_deleted_gives_its_items_back(april: Shop) -> None:
    who = customer(april)
    item = april.stripe.invoice_items.create({"customer": who, "amount": 700, "currency": "eur"})
    draft = april.stripe.invoices.create(
        {"customer": who, "pending_invoice_items_behavior": "include", "currency": "eur"}
    )

    april.stripe.invoices.delete(draft.id)

    assert draft.total == 700
    assert april.stripe.invoice_items.retrieve(item.id).invoice is None


def test_an_invoice_that_is_sent_is_due_after_the_days_that_were_given(april: Shop) -> None:
    # docs.stripe.com/invoicing/hosted-invoice-page: 14 days from the day it is finalized.
    who = customer(april)
    draft = april.stripe.invoices.create(
        {
            "customer": who,
            "collection_method": "send_invoice",
            "days_until_due": 14,
            "currency": "eur",
        }
    )
    april.stripe.invoices.add_lines(draft.id, {"lines": [{"amount": 900}]})

    sent = april.stripe.invoices.send_invoice(draft.id)
    told = april.advance(seconds=14 * DAY)

    assert (sent.status, sent.due_date, sent.amount_remaining) == ("open", APRIL_1 + 14 * DAY, 900)
    assert "invoice.overdue" in told
    lost = april.stripe.invoices.mark_uncollectible(draft.id)
    assert (lost.status, lost.status_details.uncollectible.reason) == (
        "uncollectible",
        "user_forgiven",
    )


def test_a_subscription_whose_invoices_are_sent_is_not_charged(april: Shop) -> None:
    subscription = start(
        april, price(april, 1000), collection_method="send_invoice", days_until_due=7
    )
    first = april.invoices(subscription=subscription.id)[0]

    april.advance(to=MAY_1 + HOUR)

    second = april.invoices(subscription=subscription.id)[-1]
    assert (subscription.status, first.status, first.attempted) == ("active", "draft", False)
    assert (second.status, second.due_date) == ("open", MAY_1 + HOUR + 7 * DAY)
    assert april.stripe.charges.list({"customer": subscription.customer}).data == []


def test_a_credit_is_used_up_over_several_invoices(april: Shop) -> None:
    # docs.stripe.com/billing/customer/balance: 2500 pay for 1000, 1000 and 500 of the third.
    who = customer(april)
    april.stripe.customers.balance_transactions.create(who, {"amount": -2500, "currency": "eur"})
    subscription = start(april, price(april, 1000), customer=who)

    april.advance(to=APRIL_1 + 65 * DAY)

    found = april.invoices(subscription=subscription.id)
    assert [invoice.amount_due for invoice in found] == [0, 0, 500]
    assert [invoice.total for invoice in found] == [1000, 1000, 1000]
    assert [invoice.ending_balance for invoice in found] == [-1500, -500, 0]
    assert [invoice.amount_paid for invoice in found] == [0, 0, 500]
    moves = april.stripe.customers.balance_transactions.list(who).data[::-1]
    assert [(move.amount, move.ending_balance) for move in moves] == [
        (-2500, -2500),
        (1000, -1500),
        (1000, -500),
        (500, 0),
    ]


def test_a_debt_is_added_to_the_next_invoice(april: Shop) -> None:
    who = customer(april)
    april.stripe.customers.balance_transactions.create(who, {"amount": 300, "currency": "eur"})

    subscription = start(april, price(april, 1000), customer=who)

    invoice = april.invoices(subscription=subscription.id)[0]
    assert (invoice.total, invoice.starting_balance, invoice.amount_paid) == (1000, 300, 1300)
    assert april.stripe.customers.retrieve(who).balance == 0


def test_a_void_invoice_gives_the_credit_back(april: Shop) -> None:
    who = customer(april)
    april.stripe.customers.balance_transactions.create(who, {"amount": -400, "currency": "eur"})
    draft = april.stripe.invoices.create({"customer": who, "currency": "eur"})
    april.stripe.invoices.add_lines(draft.id, {"lines": [{"amount": 1000}]})
    opened = april.stripe.invoices.finalize_invoice(draft.id)
    during = april.stripe.customers.retrieve(who).balance

    april.stripe.invoices.void_invoice(draft.id)

    assert (opened.amount_due, during) == (600, 0)
    assert april.stripe.customers.retrieve(who).balance == -400
