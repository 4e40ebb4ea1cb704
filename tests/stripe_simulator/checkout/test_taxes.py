"""Taxes of a Checkout Session: added for the place that the buyer names, before they pay.

docs.stripe.com/tax/checkout: until the place is known the session is without tax.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from tests.stripe_simulator.checkout.test_collecting import OFFICE
from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.shop import Shop
from tests.stripe_simulator.tax_shop import AUTOMATIC, buyer, open_office, price, register

GERMAN = {**ENTRY, **{f"billing_{name}": value for name, value in OFFICE.items()}}
BUSINESS = {
    **GERMAN,
    "billing_country": "FR",
    "business_name": "Moteurs Analytiques",
    "tax_id_type": "eu_vat",
    "tax_id": "FRAB123456789",
}


@pytest.fixture
def europe(shop: Shop) -> Shop:
    open_office(shop)
    register(shop)
    register(shop, kind="oss_union")
    return shop


def seen(shop: Shop, session: Any) -> Any:
    paths = ["total_details.breakdown", "line_items", "subscription.latest_invoice"]
    return shop.stripe.checkout.sessions.retrieve(session.id, {"expand": paths})


def test_the_buyer_sees_the_total_with_tax_before_it_is_charged(europe: Shop) -> None:
    # 10.00 and 19 % are 11.90.
    session = europe.session(price(europe, 1000), **AUTOMATIC)
    path = urlsplit(session.url).path
    assert (session.amount_total, session.automatic_tax.status) == (
        1000,
        "requires_location_inputs",
    )
    assert "from your address" in europe.http.get(path).text

    first = europe.http.post(path, data=GERMAN)
    shown = seen(europe, session)
    second = europe.http.post(path, data=GERMAN)

    assert (first.status_code, "€ 11.90" in first.text) == (422, True)
    assert (shown.status, shown.amount_total, shown.total_details.amount_tax) == ("open", 1190, 190)
    assert second.status_code == 303
    done = seen(europe, session)
    assert done.automatic_tax.to_dict() == {
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
        "status": "complete",
    }
    (tax,) = done.total_details.breakdown.taxes
    assert (tax.amount, tax.taxable_amount, tax.rate.percentage) == (190, 1000, 19)
    (line,) = done.line_items.data
    assert (line.amount_subtotal, line.amount_tax, line.amount_total) == (1000, 190, 1190)
    invoice = done.subscription.latest_invoice
    assert (invoice.total, invoice.amount_paid) == (1190, 1190)
    assert done.subscription.automatic_tax.enabled


def test_a_business_that_gives_its_tax_id_is_told_of_the_reverse_charge(europe: Shop) -> None:
    # The total stays 10.00, so that one press is enough.
    session = europe.session(price(europe, 1000), **AUTOMATIC, tax_id_collection={"enabled": True})

    answer = europe.http.post(urlsplit(session.url).path, data=BUSINESS)

    done = seen(europe, session)
    assert (answer.status_code, done.amount_total) == (303, 1000)
    assert done.total_details.breakdown.taxes[0].taxability_reason == "reverse_charge"
    invoice = done.subscription.latest_invoice
    assert (invoice.total, invoice.total_taxes[0].taxability_reason) == (1000, "reverse_charge")
    assert invoice.customer_tax_ids[0].value == "FRAB123456789"


def test_who_is_known_is_taxed_at_once_and_their_trial_as_it_ends(europe: Shop) -> None:
    # Nothing today; 10.00 and 20 % in France after 14 days.
    session = europe.session(
        price(europe, 1000),
        customer=buyer(europe, "FR"),
        subscription_data={"trial_period_days": 14},
        **AUTOMATIC,
    )
    assert (session.automatic_tax.status, session.amount_total) == ("complete", 0)
    assert "€ 12.00" in europe.http.get(urlsplit(session.url).path).text

    assert europe.pay(session.id).status_code == 200
    europe.advance(seconds=14 * 86400 + 3600)

    assert [one.total for one in europe.invoices(status="paid")] == [0, 1200]


def test_what_is_bought_once_is_charged_with_its_tax(europe: Shop) -> None:
    # Two books of 30.00 less 10 % are 54.00; 19 % of that are 10.26, 64.26 in all.
    book = europe.stripe.prices.create(
        {
            "product_data": {"name": "Book"},
            "currency": "eur",
            "unit_amount": 3000,
            "tax_behavior": "exclusive",
        }
    )
    coupon = europe.stripe.coupons.create({"percent_off": 10, "duration": "once"}).id
    session = europe.session(
        book.id, mode="payment", quantity=2, discounts=[{"coupon": coupon}], **AUTOMATIC
    )
    answers = {name: value for name, value in GERMAN.items() if name not in ENTRY}

    assert europe.pay(session.id, answers=answers).status_code == 200

    done = seen(europe, session)
    paid = europe.stripe.payment_intents.retrieve(done.payment_intent)
    assert (done.amount_total, paid.amount_received) == (6426, 6426)
    assert [one.amount for one in done.total_details.breakdown.discounts] == [600]


def test_rates_that_the_seller_names_are_counted_as_well(shop: Shop) -> None:
    # 12.00 a month at 10 % and a fee of 5.00 at 20 %: 1.20 and 1.00, 19.20 in all; then 13.20.
    def rate(percentage: int) -> str:
        asked = {"display_name": "Tax", "percentage": percentage, "inclusive": False}
        return str(shop.stripe.tax_rates.create(asked).id)

    fee = {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Fee"}}
    session = shop.session(
        "",
        line_items=[
            {"price": shop.monthly(), "quantity": 1},
            {"price_data": fee, "quantity": 1, "tax_rates": [rate(20)]},
        ],
        subscription_data={"default_tax_rates": [rate(10)]},
    )
    assert session.amount_total == 1920

    assert shop.pay(session.id).status_code == 200

    done = seen(shop, session)
    assert done.subscription.latest_invoice.total == 1920
    shop.advance(seconds=32 * 86400)
    assert shop.invoices()[-1].total == 1320


def test_a_place_that_is_none_is_refused_at_its_field(shop: Shop) -> None:
    open_office(shop, "US", state="CA")
    session = shop.session(price(shop, 1000), **AUTOMATIC)
    american = {**GERMAN, "billing_country": "US", "billing_state": "CA"}
    cases = {
        "Enter the state in two letters, like CA": {**american, "billing_state": "Bavaria"},
        "Enter the postal code in five digits": {**american, "billing_postal_code": "941"},
    }

    for sentence, entry in cases.items():
        answer = shop.http.post(urlsplit(session.url).path, data=entry)
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_a_customer_without_an_address_needs_to_be_asked_for_it(europe: Shop) -> None:
    nowhere = europe.stripe.customers.create({"email": "ada@example.com"}).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        europe.session(price(europe, 1000), customer=nowhere, **AUTOMATIC)
    assert caught.value.code == "customer_tax_location_invalid"

    session = europe.session(
        price(europe, 1000), customer=nowhere, customer_update={"address": "auto"}, **AUTOMATIC
    )
    path = urlsplit(session.url).path
    statuses = [europe.http.post(path, data=GERMAN).status_code for _ in range(2)]

    assert statuses == [422, 303]
    assert europe.stripe.customers.retrieve(nowhere).address.country == "DE"
    assert seen(europe, session).subscription.latest_invoice.total == 1190


def test_a_line_shows_its_price_and_none_of_our_notes(shop: Shop) -> None:
    both = shop.stripe.prices.create(
        {
            "product_data": {"name": "Pro"},
            "currency": "eur",
            "unit_amount": 1000,
            "currency_options": {"usd": {"unit_amount": 1100}},
        }
    )

    session = shop.session(both.id, mode="payment", expand=["line_items"])

    shown = session.line_items.data[0].price.to_dict()
    assert [name for name in shown if name.startswith("_")] == []
