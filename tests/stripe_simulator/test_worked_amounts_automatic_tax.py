"""Worked examples: automatic tax (Stripe Tax), by where the customer is.

docs.stripe.com/tax/how-tax-works and docs.stripe.com/tax/zero-tax. Rates: Germany 19 %, France
20 %, Hungary 27 %, the United Kingdom 20 %, California 7.25 %, Ontario 13 %.
"""

import pytest
import stripe

from tests.stripe_simulator.shop import HOUR, Shop
from tests.stripe_simulator.tax_shop import (
    AUTOMATIC,
    buyer,
    first_invoice,
    open_office,
    price,
    register,
    subscribe,
    taxes,
)
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, MAY_1, change


@pytest.fixture
def germany(shop: Shop) -> Shop:
    shop.advance(to=APRIL_1)
    open_office(shop)
    register(shop)
    return shop


@pytest.fixture
def europe(germany: Shop) -> Shop:
    register(germany, kind="oss_union")
    return germany


def test_exclusive_tax_is_added_at_the_rate_of_the_customers_country(europe: Shop) -> None:
    # 10.00 and 19 % in Germany: 1.90, 11.90 in all. 10.00 and 27 % in Hungary: 12.70.
    german = subscribe(europe, buyer(europe, "DE"), price(europe, 1000))
    hungarian = subscribe(europe, buyer(europe, "HU"), price(europe, 1000))

    first, second = first_invoice(europe, german), first_invoice(europe, hungarian)

    assert (first.total, first.amount_paid) == (1190, 1190)
    assert taxes(first) == taxes(first.lines.data[0]) == [(190, 1000, "standard_rated")]
    assert (second.total, taxes(second)) == (1270, [(270, 1000, "standard_rated")])
    assert first.automatic_tax.status == "complete"


def test_inclusive_tax_is_a_part_of_the_price(europe: Shop) -> None:
    # 10.00 contain 10.00 x 19 / 119 = 1.596..., 1.60 of tax on 8.40.
    subscription = subscribe(europe, buyer(europe, "DE"), price(europe, 1000, "inclusive"))

    invoice = first_invoice(europe, subscription)

    assert (invoice.total, invoice.total_excluding_tax) == (1000, 840)
    assert taxes(invoice) == [(160, 840, "standard_rated")]


def test_a_business_of_another_country_accounts_for_the_tax_itself(europe: Shop) -> None:
    # Reverse charge on docs.stripe.com/tax/zero-tax: 10.00 stay 10.00, an inclusive price too.
    french = buyer(europe, "FR", ("eu_vat", "FRAB123456789"))

    added = first_invoice(europe, subscribe(europe, french, price(europe, 1000)))
    within = first_invoice(europe, subscribe(europe, french, price(europe, 1000, "inclusive")))

    assert (added.total, taxes(added)) == (1000, [(0, 1000, "reverse_charge")])
    assert (within.total, within.total_excluding_tax) == (1000, 1000)
    assert taxes(within) == [(0, 1000, "reverse_charge")]


def test_a_business_at_home_pays_like_everybody(europe: Shop) -> None:
    # 10.00 and 19 %; the tax id of another country than one's own changes nothing, either.
    german = buyer(europe, "DE", ("eu_vat", "DE123456789"))
    elsewhere = buyer(europe, "FR", ("eu_vat", "DE123456789"))

    at_home = first_invoice(europe, subscribe(europe, german, price(europe, 1000)))
    abroad = first_invoice(europe, subscribe(europe, elsewhere, price(europe, 1000)))

    assert (at_home.total, abroad.total) == (1190, 1200)


def test_nothing_is_collected_where_the_seller_is_not_registered(germany: Shop) -> None:
    # Registered in Germany only: a consumer in France or in the United Kingdom pays 10.00.
    for country in ("FR", "GB"):
        subscription = subscribe(germany, buyer(germany, country), price(germany, 1000))

        invoice = first_invoice(germany, subscription)
        assert (invoice.total, taxes(invoice)) == (1000, [(0, 0, "not_collecting")])


def test_a_small_seller_charges_the_tax_of_home_everywhere_in_the_union(shop: Shop) -> None:
    # docs.stripe.com/tax/supported-countries/european-union: 10.00 and 19 %, in France as well.
    open_office(shop)
    register(shop, standard={"place_of_supply_scheme": "small_seller"})

    invoice = first_invoice(shop, subscribe(shop, buyer(shop, "FR"), price(shop, 1000)))

    assert (invoice.total, taxes(invoice)) == (1190, [(190, 1000, "standard_rated")])
    rate = shop.stripe.tax_rates.retrieve(invoice.total_taxes[0].tax_rate_details.tax_rate)
    assert (rate.country, rate.percentage, rate.tax_type, rate.active) == ("DE", 19, "vat", False)


def test_a_state_of_the_united_states_has_a_rate_of_its_own(shop: Shop) -> None:
    # 20.00 and 7.25 % in California: 1.45. Nothing in Oregon, which has no such tax.
    open_office(shop, "US", state="CA")
    register(shop, "US", "state_sales_tax", state="CA")
    californian = buyer(shop, "US", state="CA", postal_code="94107")
    oregonian = buyer(shop, "US", state="OR", postal_code="97201")
    twenty = price(shop, 2000, currency="usd")

    taxed = first_invoice(shop, subscribe(shop, californian, twenty))
    untaxed = first_invoice(shop, subscribe(shop, oregonian, twenty))

    assert (taxed.total, taxes(taxed)) == (2145, [(145, 2000, "standard_rated")])
    assert (untaxed.total, taxes(untaxed)) == (2000, [(0, 0, "not_subject_to_tax")])


def test_canada_has_a_harmonized_tax(shop: Shop) -> None:
    # 15.00 and 13 % in Ontario: 1.95; 5 % in Alberta: 0.75.
    open_office(shop, "CA", state="ON")
    register(shop, "CA")
    fifteen = price(shop, 1500, currency="cad")

    totals = [
        first_invoice(shop, subscribe(shop, buyer(shop, "CA", state=state), fifteen)).total
        for state in ("ON", "AB")
    ]

    assert totals == [1695, 1575]


def test_an_exempt_customer_pays_none(europe: Shop) -> None:
    # docs.stripe.com/tax/zero-tax#exempt-customers.
    school = buyer(europe, "DE")
    europe.stripe.customers.update(school, {"tax_exempt": "exempt"})

    invoice = first_invoice(europe, subscribe(europe, school, price(europe, 1000)))

    assert (invoice.total, taxes(invoice)) == (1000, [(0, 0, "customer_exempt")])


def test_a_discount_comes_before_the_tax(europe: Shop) -> None:
    # 20.00 less 25 % are 15.00; 19 % of that are 2.85, 17.85 in all.
    coupon = europe.stripe.coupons.create({"percent_off": 25, "duration": "once"}).id
    subscription = subscribe(
        europe, buyer(europe, "DE"), price(europe, 2000), discounts=[{"coupon": coupon}]
    )

    assert first_invoice(europe, subscription).total == 1785


def test_half_of_a_period_is_taxed_like_the_whole(europe: Shop) -> None:
    # On the 16th of 30 days from 10.00 to 30.00: -5.00 and +15.00, with 19 % 10.00 x 1.19 = 11.90.
    subscription = subscribe(europe, buyer(europe, "DE"), price(europe, 1000))
    europe.advance(to=APRIL_16)

    changed = change(
        europe, subscription, price=price(europe, 3000), proration_behavior="always_invoice"
    )

    invoice = first_invoice(europe, changed)
    assert [line.taxes[0].amount for line in invoice.lines.data] == [-95, 285]
    assert (invoice.subtotal, invoice.total) == (1000, 1190)


def test_whoever_moves_pays_the_tax_of_the_new_place_from_then_on(europe: Shop) -> None:
    # April in Germany: 11.90. May in Hungary: 12.70.
    who = buyer(europe, "DE")
    subscription = subscribe(europe, who, price(europe, 1000))
    europe.stripe.customers.update(who, {"address": {"country": "HU"}})

    europe.advance(to=MAY_1 + HOUR)

    assert [one.total for one in europe.invoices(subscription=subscription.id)] == [1190, 1270]


def test_the_rate_is_that_of_the_day_on_which_the_invoice_is_finalized(europe: Shop) -> None:
    # docs.stripe.com/tax/invoicing: the draft of 1 May is taxed; half an hour later it is not.
    registrations = europe.stripe.tax.registrations.list({"status": "active"}).data
    subscription = subscribe(europe, buyer(europe, "DE"), price(europe, 1000))
    europe.advance(to=MAY_1)
    draft = first_invoice(europe, europe.subscription(subscription.id))
    for one in registrations:
        europe.stripe.tax.registrations.update(one.id, {"expires_at": MAY_1 + HOUR // 2})

    europe.advance(seconds=HOUR)

    sent = europe.stripe.invoices.retrieve(draft.id)
    assert (draft.status, draft.total) == ("draft", 1190)
    assert (sent.status, sent.total, taxes(sent)) == ("paid", 1000, [(0, 0, "not_collecting")])


def test_a_renewal_goes_out_without_tax_once_nobody_knows_the_place(europe: Shop) -> None:
    # docs.stripe.com/tax/customer-locations: paid without tax, and automatic tax is off.
    who = buyer(europe, "DE")
    subscription = subscribe(europe, who, price(europe, 1000))
    gone = {"address": "", "tax": {"validate_location": "deferred"}}
    europe.stripe.customers.update(who, gone)

    europe.advance(to=MAY_1 + HOUR)

    after = europe.subscription(subscription.id)
    invoice = first_invoice(europe, after)
    assert (invoice.status, invoice.total) == ("paid", 1000)
    reason = "finalization_requires_location_inputs"
    assert (invoice.automatic_tax.enabled, invoice.automatic_tax.disabled_reason) == (False, reason)
    assert after.automatic_tax.disabled_reason == "requires_location_inputs"


def test_a_preview_tells_the_tax_of_somebody_who_is_not_there_yet(europe: Shop) -> None:
    # 10.00 in France: 12.00 for a person, 10.00 for a business.
    details = {"items": [{"price": price(europe, 1000)}]}
    person = {"address": {"country": "FR"}}
    business = {**person, "tax_ids": [{"type": "eu_vat", "value": "FRAB123456789"}]}

    totals = [
        europe.stripe.invoices.create_preview(
            {"customer_details": who, "subscription_details": details, **AUTOMATIC}
        ).total
        for who in (person, business, {})
    ]

    assert totals == [1200, 1000, 1000]


def test_the_default_of_the_settings_counts_where_the_price_says_nothing(europe: Shop) -> None:
    # `inferred_by_currency`: 10.00 euros contain the tax, to 10.00 dollars it is added.
    europe.stripe.tax.settings.update({"defaults": {"tax_behavior": "inferred_by_currency"}})

    totals = [
        first_invoice(
            europe,
            subscribe(
                europe, buyer(europe, "DE"), price(europe, 1000, "unspecified", currency=currency)
            ),
        ).total
        for currency in ("eur", "usd")
    ]

    assert totals == [1000, 1190]


def test_an_invoice_that_somebody_writes_is_taxed_and_credited_with_its_tax(europe: Shop) -> None:
    # 50.00 and 19 %: 59.50. A credit note for 20.00 of the line: 20.00 and 3.80.
    who = buyer(europe, "DE")
    europe.stripe.tax.settings.update({"defaults": {"tax_behavior": "exclusive"}})
    europe.stripe.invoice_items.create({"customer": who, "amount": 5000, "currency": "eur"})
    made = europe.stripe.invoices.create(
        {"customer": who, "pending_invoice_items_behavior": "include", **AUTOMATIC}
    )
    paid = europe.stripe.invoices.pay(made.id)

    note = europe.stripe.credit_notes.create(
        {
            "invoice": made.id,
            "lines": [
                {
                    "type": "invoice_line_item",
                    "invoice_line_item": paid.lines.data[0].id,
                    "amount": 2000,
                }
            ],
            "refund_amount": 2380,
        }
    )

    assert (paid.total, note.total, note.subtotal) == (5950, 2380, 2000)


def test_nothing_is_taxed_without_an_office_a_behavior_or_a_place(shop: Shop) -> None:
    cases = []

    def refused(customer: str, price: str, **more: object) -> stripe.InvalidRequestError:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            subscribe(shop, customer, price, **more)
        return caught.value

    cases.append(refused(buyer(shop, "DE"), price(shop, 1000)))
    open_office(shop)
    cases.append(refused(buyer(shop, "DE"), price(shop, 1000, "unspecified")))
    nowhere = shop.stripe.customers.create({"payment_method": "pm_card_visa"}).id
    cases.append(refused(nowhere, price(shop, 1000)))
    vat = {"display_name": "VAT", "percentage": 19, "inclusive": False}
    by_hand = [shop.stripe.tax_rates.create(vat).id]
    cases.append(refused(buyer(shop, "DE"), price(shop, 1000), default_tax_rates=by_hand))

    said = [str(error.user_message) for error in cases]
    assert "head office" in said[0]
    assert "tax_behavior" in said[1]
    assert (cases[2].code, "location" in said[2]) == ("customer_tax_location_invalid", True)
    assert "Tax rates" in said[3]
    assert shop.invoices() == []


def test_an_invoice_for_nowhere_stays_a_draft_and_says_why(europe: Shop) -> None:
    nowhere = europe.stripe.customers.create({"email": "ada@example.com"}).id
    europe.stripe.tax.settings.update({"defaults": {"tax_behavior": "exclusive"}})
    europe.stripe.invoice_items.create({"customer": nowhere, "amount": 5000, "currency": "eur"})
    made = europe.stripe.invoices.create(
        {"customer": nowhere, "pending_invoice_items_behavior": "include", **AUTOMATIC}
    )

    with pytest.raises(stripe.InvalidRequestError) as caught:
        europe.stripe.invoices.finalize_invoice(made.id)

    left = europe.stripe.invoices.retrieve(made.id)
    assert caught.value.code == "customer_tax_location_invalid"
    assert (left.status, left.automatic_tax.status) == ("draft", "requires_location_inputs")
    assert left.last_finalization_error.code == "customer_tax_location_invalid"
    assert len(europe.events("invoice.finalization_failed")) == 1


def test_a_registration_begins_and_ends(shop: Shop) -> None:
    shop.advance(to=APRIL_1)
    later = shop.stripe.tax.registrations.create(
        {
            "country": "GB",
            "active_from": APRIL_16,
            "expires_at": MAY_1,
            "country_options": {"gb": {"type": "standard"}},
        }
    )
    seen = [later.status]
    for moment in (APRIL_16, MAY_1):
        shop.advance(to=moment)
        seen.append(shop.stripe.tax.registrations.retrieve(later.id).status)

    assert seen == ["scheduled", "active", "expired"]
    assert [one.id for one in shop.stripe.tax.registrations.list({"status": "expired"}).data] == [
        later.id
    ]


def test_a_customer_tells_whether_tax_can_be_worked_out(europe: Shop) -> None:
    standing = [
        europe.stripe.customers.retrieve(who, {"expand": ["tax"]}).tax.automatic_tax
        for who in (
            buyer(europe, "FR"),
            buyer(europe, "GB"),
            buyer(europe, "US", state="CA"),
        )
    ]

    assert standing == ["supported", "not_collecting", "unrecognized_location"]
    with pytest.raises(stripe.InvalidRequestError):
        europe.stripe.customers.create({"tax": {"validate_location": "immediately"}})
