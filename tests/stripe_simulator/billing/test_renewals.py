"""Amounts and moments by hand; renewals as docs.stripe.com/billing/invoices describes them."""

from itertools import pairwise

import pytest

from tests.stripe_simulator.shop import DAY, HOUR, JANUARY_31, Shop, period, seconds


def test_a_month_later_a_draft_is_made_and_an_hour_after_it_is_paid(shop: Shop) -> None:
    subscription = shop.subscribed(shop.monthly(1200))
    end = seconds("2026-02-28 10:00")

    at_the_end = shop.advance(to=end)
    draft = shop.invoices(subscription=subscription.id)[-1]
    within_the_hour = shop.advance(to=end + HOUR - 1)
    after_the_hour = shop.advance(to=end + HOUR)
    paid = shop.stripe.invoices.retrieve(draft.id)

    assert at_the_end == [
        "invoice.upcoming",
        "invoice.created",
        "customer.subscription.updated",
    ]
    assert (draft.status, draft.amount_due, draft.attempted) == ("draft", 1200, False)
    assert draft.automatically_finalizes_at == end + HOUR
    assert draft.billing_reason == "subscription_cycle"
    assert (draft.period_start, draft.period_end) == (JANUARY_31, end)
    line = draft.lines.data[0].period
    assert (line.start, line.end) == (end, seconds("2026-03-31 10:00"))
    assert within_the_hour == []
    assert after_the_hour == [
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 1200, 0)
    assert paid.status_transitions.paid_at == end + HOUR
    renewed = shop.subscription(subscription.id)
    assert (renewed.status, renewed.latest_invoice) == ("active", draft.id)
    assert period(renewed) == (end, seconds("2026-03-31 10:00"))


def test_the_event_of_a_renewal_tells_the_old_period(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.advance_to("2026-02-28 10:00")

    update = shop.events("customer.subscription.updated")[-1].data

    before = update.previous_attributes.to_dict()
    assert before["latest_invoice"] == subscription.latest_invoice
    assert before["items"]["data"][0]["current_period_start"] == JANUARY_31
    assert update.object["items"].data[0].current_period_start == seconds("2026-02-28 10:00")


def test_someone_who_began_on_the_31st_is_billed_on_the_last_day_of_shorter_months(
    shop: Shop,
) -> None:
    subscription = shop.subscribed()

    shop.advance_to("2026-07-31 12:00")

    starts = [
        invoice.lines.data[0].period.start
        for invoice in shop.invoices(subscription=subscription.id)
    ]
    assert starts == [
        seconds("2026-01-31 10:00"),
        seconds("2026-02-28 10:00"),
        seconds("2026-03-31 10:00"),
        seconds("2026-04-30 10:00"),
        seconds("2026-05-31 10:00"),
        seconds("2026-06-30 10:00"),
        seconds("2026-07-31 10:00"),
    ]
    assert [i.amount_paid for i in shop.invoices(subscription=subscription.id)] == [1200] * 7


def test_a_year_is_paid_in_twelve_numbered_invoices_without_a_gap(shop: Shop) -> None:
    subscription = shop.subscribed()

    shop.advance_to("2026-12-31 12:00")

    invoices = shop.invoices(subscription=subscription.id)
    periods = [invoice.lines.data[0].period for invoice in invoices]
    assert [invoice.number[-4:] for invoice in invoices] == [f"{n:04d}" for n in range(1, 13)]
    assert all(a.end == b.start for a, b in pairwise(periods))
    assert sum(invoice.amount_paid for invoice in invoices) == 12 * 1200


def test_two_weeks_are_two_weeks(shop: Shop) -> None:
    price = shop.monthly(500, interval="week", interval_count=2)
    subscription = shop.subscribed(price)

    shop.advance(seconds=14 * DAY + HOUR)

    assert period(shop.subscription(subscription.id)) == (
        JANUARY_31 + 14 * DAY,
        JANUARY_31 + 28 * DAY,
    )
    assert len(shop.invoices(subscription=subscription.id)) == 2


def test_who_cancels_at_period_end_stays_to_the_second_and_is_not_billed_again(
    shop: Shop,
) -> None:
    subscription = shop.subscribed()
    end = seconds("2026-02-28 10:00")
    shop.advance(seconds=DAY)

    set_to_end = shop.stripe.subscriptions.update(
        subscription.id, {"cancel_at_period_end": True, "cancellation_details": {"comment": "Bye"}}
    )
    before = shop.advance(to=end - 1)
    at_the_end = shop.advance(to=end)
    a_year_later = shop.advance(seconds=365 * DAY)

    ended = shop.subscription(subscription.id)
    assert (set_to_end.status, set_to_end.cancel_at) == ("active", end)
    assert set_to_end.canceled_at == JANUARY_31 + DAY
    assert (before, at_the_end, a_year_later) == ([], ["customer.subscription.deleted"], [])
    assert (ended.status, ended.ended_at, ended.canceled_at) == (
        "canceled",
        end,
        JANUARY_31 + DAY,
    )
    assert ended.cancellation_details.reason == "cancellation_requested"
    assert ended.cancellation_details.comment == "Bye"
    assert len(shop.invoices(subscription=subscription.id)) == 1


def test_who_changes_their_mind_goes_on(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    kept = shop.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    shop.advance_to("2026-02-28 12:00")

    assert (kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end) == (None, None, False)
    assert kept.cancellation_details.reason is None
    assert shop.subscription(subscription.id).status == "active"
    assert len(shop.invoices(subscription=subscription.id)) == 2


def test_who_cancels_at_a_day_of_their_own_ends_on_it(shop: Shop) -> None:
    subscription = shop.subscribed()
    day = seconds("2026-02-10 00:00")

    shop.stripe.subscriptions.update(subscription.id, {"cancel_at": day})
    shop.advance(to=day)

    assert shop.subscription(subscription.id).ended_at == day


def test_who_cancels_at_once_is_out_at_once(shop: Shop) -> None:
    subscription = shop.subscribed()

    canceled = shop.stripe.subscriptions.cancel(subscription.id)

    assert (canceled.status, canceled.ended_at) == ("canceled", JANUARY_31)
    assert shop.advance(seconds=400 * DAY) == []
    assert shop.stripe.subscriptions.list({"customer": subscription.customer}).data == []
    assert [
        one.id
        for one in shop.stripe.subscriptions.list(
            {"customer": subscription.customer, "status": "all"}
        ).data
    ] == [subscription.id]


@pytest.mark.parametrize("currency", ["jpy", "kwd", "usd"])
def test_amounts_are_minor_units_of_every_currency(shop: Shop, currency: str) -> None:
    subscription = shop.subscribed(shop.monthly(1234, currency))

    shop.advance_to("2026-03-31 12:00")

    invoices = shop.invoices(subscription=subscription.id)
    assert [(i.currency, i.amount_paid) for i in invoices] == [(currency, 1234)] * 3
