"""Worked examples: taxes of tax rates, added to an amount or contained in it.

Each amount is derived in the test. docs.stripe.com/billing/taxes/tax-rates: an exclusive rate of
10 % makes 600.00 to 660.00, an inclusive one leaves 600.00, of which 54.55 are tax. Taxes are
counted after discounts, for each line, and rounded half up.
"""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import HOUR, Shop
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
    """1 April 2026, 00:00 UTC: a month of 30 days begins."""
    shop.advance(to=APRIL_1)
    return shop


def rate(shop: Shop, percentage: float, *, inclusive: bool = False) -> str:
    asked = {"display_name": "Tax", "percentage": percentage, "inclusive": inclusive}
    return str(shop.stripe.tax_rates.create(asked).id)


def first(shop: Shop, subscription: Any) -> Any:
    return shop.stripe.invoices.retrieve(subscription.latest_invoice)


def taxes(thing: Any) -> list[tuple[int, int]]:
    """Amount and what it was counted of."""
    found = thing.taxes if thing.object == "line_item" else thing.total_taxes
    return [(tax.amount, tax.taxable_amount) for tax in found]


def test_exclusive_tax_is_added(april: Shop) -> None:
    # 600.00 at 10 % are 60.00 of tax, 660.00 in all.
    subscription = start(april, price(april, 60000), default_tax_rates=[rate(april, 10)])

    invoice = first(april, subscription)

    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (60000, 66000, 66000)
    assert (invoice.subtotal_excluding_tax, invoice.total_excluding_tax) == (60000, 60000)
    assert taxes(invoice) == taxes(invoice.lines.data[0]) == [(6000, 60000)]
    assert invoice.total_taxes[0].tax_behavior == "exclusive"


def test_inclusive_tax_is_a_part_of_the_price(april: Shop) -> None:
    # 600.00 contain 600.00 x 10 / 110 = 54.545..., 54.55 of tax on 545.45.
    given = [rate(april, 10, inclusive=True)]
    subscription = start(april, price(april, 60000), default_tax_rates=given)

    invoice = first(april, subscription)

    assert (invoice.subtotal, invoice.total) == (60000, 60000)
    assert (invoice.subtotal_excluding_tax, invoice.total_excluding_tax) == (54545, 54545)
    assert taxes(invoice) == [(5455, 54545)]


def test_a_discount_comes_before_the_tax(april: Shop) -> None:
    # 20.00 less 25 % are 15.00; 19 % of that are 2.85, 17.85 in all.
    coupon = april.stripe.coupons.create({"percent_off": 25, "duration": "once"}).id
    subscription = start(
        april,
        price(april, 2000),
        default_tax_rates=[rate(april, 19)],
        discounts=[{"coupon": coupon}],
    )

    invoice = first(april, subscription)

    assert (invoice.total_excluding_tax, invoice.total) == (1500, 1785)
    assert taxes(invoice) == [(285, 1500)]


def test_two_taxes_are_both_counted_of_the_price(april: Shop) -> None:
    # 100.00 with 5 % (GST) and 9.975 % (QST): 5.00 and 9.975, rounded 9.98; 114.98 in all.
    both = [rate(april, 5), rate(april, 9.975)]
    subscription = start(april, price(april, 10000, currency="cad"), default_tax_rates=both)

    invoice = first(april, subscription)

    assert taxes(invoice) == [(500, 10000), (998, 10000)]
    assert invoice.total == 11498


def test_two_inclusive_taxes_share_the_price(april: Shop) -> None:
    # 115.00 with 10 % and 5 % in it: 100.00 of price, 10.00 and 5.00 of tax.
    both = [rate(april, 10, inclusive=True), rate(april, 5, inclusive=True)]
    subscription = start(april, price(april, 11500), default_tax_rates=both)

    assert taxes(first(april, subscription)) == [(1000, 10000), (500, 10000)]


def test_the_rate_of_an_item_takes_the_place_of_the_default_one(april: Shop) -> None:
    # A book of 10.00 at 7 % and a film of 20.00 at 19 %: 0.70 and 3.80 of tax, 34.50 in all.
    reduced, full = rate(april, 7), rate(april, 19)
    subscription = april.stripe.subscriptions.create(
        {
            "customer": customer(april),
            "items": [
                {"price": price(april, 1000), "tax_rates": [reduced]},
                {"price": price(april, 2000)},
            ],
            "default_tax_rates": [full],
        }
    )

    invoice = first(april, subscription)

    assert [taxes(line) for line in invoice.lines.data] == [[(70, 1000)], [(380, 2000)]]
    assert invoice.total == 3450


def test_every_line_is_rounded_for_itself(april: Shop) -> None:
    # 8.25 % of 10.10 are 0.833..., twice 0.83 = 1.66; of 20.20 at once they would be 1.67.
    subscription = start(
        april, price(april, 1010), price(april, 1010), default_tax_rates=[rate(april, 8.25)]
    )

    assert taxes(first(april, subscription)) == [(166, 2020)]


@pytest.mark.parametrize(
    ("exempt", "reason"), [("exempt", "customer_exempt"), ("reverse", "reverse_charge")]
)
def test_nobody_who_is_exempt_pays_tax(april: Shop, exempt: str, reason: str) -> None:
    # The tax status on docs.stripe.com/billing/customer/tax-ids leaves 10.00 as they are.
    who = customer(april)
    april.stripe.customers.update(who, {"tax_exempt": exempt})

    subscription = start(
        april, price(april, 1000), customer=who, default_tax_rates=[rate(april, 19)]
    )

    invoice = first(april, subscription)
    assert (invoice.total, taxes(invoice)) == (1000, [(0, 1000)])
    assert invoice.total_taxes[0].taxability_reason == reason


def test_prorations_are_taxed_like_what_they_are_a_part_of(april: Shop) -> None:
    # 10.00 to 20.00 at half time: -5.00 and 10.00, with 10 % -0.50 and 1.00; 5.50 in all.
    subscription = start(april, price(april, 1000), default_tax_rates=[rate(april, 10)])
    april.advance(to=APRIL_16)

    change(april, subscription, price=price(april, 2000), proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert [taxes(line) for line in invoice.lines.data] == [[(-50, -500)], [(100, 1000)]]
    assert (invoice.total, taxes(invoice)) == (550, [(50, 500)])


def test_a_preview_and_the_renewal_agree_about_taxes(april: Shop) -> None:
    # 12.00 at 19 % are 14.28, next month as well; another rate from then on: 12.00 at 7 %, 12.84.
    subscription = start(april, price(april, 1200), default_tax_rates=[rate(april, 19)])
    preview = april.stripe.invoices.create_preview

    shown = preview({"subscription": subscription.id})
    other = {"default_tax_rates": [rate(april, 7)]}
    changed = preview({"subscription": subscription.id, "subscription_details": other})
    april.advance(to=MAY_1 + 2 * HOUR)

    renewed = april.invoices(subscription=subscription.id)[-1]
    assert (shown.total, changed.total, renewed.total) == (1428, 1284, 1428)


def test_lines_of_a_written_invoice_have_rates_of_their_own(april: Shop) -> None:
    # 10.00 with 19 % in it (1.60 of tax), 5.00 and 8 % by default = 5.40; then none: 15.00.
    who, within, added = customer(april), rate(april, 19, inclusive=True), rate(april, 8)
    invoices = april.stripe.invoices
    draft = invoices.create({"customer": who, "currency": "eur", "default_tax_rates": [added]})
    two = {"lines": [{"amount": 1000, "tax_rates": [within]}, {"amount": 500}]}

    written = invoices.add_lines(draft.id, two)
    invoices.line_items.update(draft.id, written.lines.data[1].id, {"tax_rates": ""})

    assert (taxes(written), written.total) == ([(160, 840), (40, 500)], 1540)
    assert invoices.retrieve(draft.id).total == 1500


def test_a_currency_without_decimals_has_whole_taxes(april: Shop) -> None:
    # 10 % of 1,015 yen are 101.5, rounded half up to 102.
    yen = price(april, 1015, currency="jpy")
    subscription = start(april, yen, default_tax_rates=[rate(april, 10)])

    assert taxes(first(april, subscription)) == [(102, 1015)]


def test_a_rate_that_is_archived_stays_where_it_is(april: Shop) -> None:
    old = rate(april, 10)
    subscription = start(april, price(april, 1000), default_tax_rates=[old])

    april.stripe.tax_rates.update(old, {"active": False})
    april.advance(to=MAY_1 + 2 * HOUR)

    assert april.invoices(subscription=subscription.id)[-1].total == 1100
    with pytest.raises(stripe.InvalidRequestError, match="archived"):
        start(april, price(april, 1000), default_tax_rates=[old])


def test_automatic_tax_needs_an_address_that_nobody_has_given(april: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="head office address"):
        start(april, price(april, 1000), automatic_tax={"enabled": True})

    assert start(april, price(april, 1000), automatic_tax={"enabled": False}).status == "active"


def test_what_is_bought_besides_is_taxed_by_its_own_rate(april: Shop) -> None:
    # 12.00 at 19 % = 14.28, and 30.00 once at 7 % = 32.10: 46.38 in all.
    product = april.stripe.products.create({"name": "Book"}).id
    book = {"currency": "eur", "product": product, "unit_amount": 3000}
    subscription = start(
        april,
        price(april, 1200),
        default_tax_rates=[rate(april, 19)],
        add_invoice_items=[{"price_data": book, "tax_rates": [rate(april, 7)]}],
    )

    invoice = first(april, subscription)

    assert (sorted(lines(invoice)), invoice.total) == ([1200, 3000], 4638)


def test_the_invoice_page_adds_up_and_an_older_version_shows_the_same_tax(april: Shop) -> None:
    # 600.00 at 10 %: 60.00 on both.
    subscription = start(april, price(april, 60000), default_tax_rates=[rate(april, 10)])
    invoice = first(april, subscription)

    page = april.http.get(invoice.hosted_invoice_url).text
    older = april.stripe.invoices.retrieve(
        invoice.id, options={"stripe_version": "2025-02-24.acacia"}
    ).to_dict()

    assert "Tax on € 600.00" in page
    assert "€ 60.00" in page
    assert (older["tax"], older["total_tax_amounts"][0]["inclusive"]) == (6000, False)


def test_crediting_a_part_of_a_line_gives_back_its_part_of_the_tax(april: Shop) -> None:
    # docs.stripe.com/invoicing/integration/programmatic-credit-notes: 20.00 at 19 % are 23.80;
    # half of the line is 10.00 and 1.90 of tax, 11.90 in all.
    subscription = start(april, price(april, 2000), default_tax_rates=[rate(april, 19)])
    line = first(april, subscription).lines.data[0].id
    half = {"type": "invoice_line_item", "invoice_line_item": line, "amount": 1000}

    note = april.stripe.credit_notes.create(
        {"invoice": subscription.latest_invoice, "lines": [half], "refund_amount": 1190}
    )

    assert (note.subtotal, note.total, note.total_excluding_tax) == (1000, 1190, 1000)
    assert taxes(note) == [(190, 1000)]
    assert note.refunds[0].amount_refunded == 1190
