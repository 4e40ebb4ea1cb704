"""Worked examples: prices with tiers, packages, and other currencies.

Each amount is derived in the test. The tiers are those of docs.stripe.com/products-prices/
pricing-models: fonts 1 to 5 cost 7.00, 6 to 10 cost 6.50, from 11 on 6.00 (US dollars).
"""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import Shop
from tests.stripe_simulator.worked import APRIL_1, APRIL_16, change, customer, lines, start

Tiers = list[dict[str, Any]]
FONTS: Tiers = [
    {"up_to": 5, "unit_amount": 700},
    {"up_to": 10, "unit_amount": 650},
    {"up_to": "inf", "unit_amount": 600},
]
STEPS: Tiers = [
    {"up_to": 100, "flat_amount": 5000},
    {"up_to": "inf", "flat_amount": 1000, "unit_amount": 20},
]


@pytest.fixture
def april(shop: Shop) -> Shop:
    """1 April 2026, 00:00 UTC: a month of 30 days begins."""
    shop.advance(to=APRIL_1)
    return shop


def tiered(shop: Shop, mode: str, tiers: Tiers = FONTS, **more: Any) -> str:
    made = shop.stripe.prices.create(
        {
            "product": shop.stripe.products.create({"name": "Fonts"}).id,
            "currency": "usd",
            "recurring": {"interval": "month"},
            "billing_scheme": "tiered",
            "tiers_mode": mode,
            "tiers": tiers,
            **more,
        }
    )
    return str(made.id)


def first(shop: Shop, price: str, quantity: int, **more: Any) -> Any:
    subscription = start(shop, price, quantity=quantity, **more)
    return shop.stripe.invoices.retrieve(subscription.latest_invoice)


@pytest.mark.parametrize(("quantity", "amount"), [(1, 700), (5, 3500), (6, 3900), (11, 6600)])
def test_volume_tiers_charge_everything_at_one_tier(
    april: Shop, quantity: int, amount: int
) -> None:
    # As on the page (volume-based pricing): 5 x 7.00 = 35.00; 6 x 6.50 = 39.00; 11 x 6.00 = 66.00.
    assert lines(first(april, tiered(april, "volume"), quantity)) == [amount]


@pytest.mark.parametrize(
    ("quantity", "amounts"),
    [(1, [700]), (5, [3500]), (6, [3500, 650]), (20, [3500, 3250, 6000])],
)
def test_graduated_tiers_charge_each_unit_at_its_tier(
    april: Shop, quantity: int, amounts: list[int]
) -> None:
    # As on the page (graduated pricing): 6 fonts are 5 x 7.00 + 1 x 6.50 = 41.50;
    # 20 are 5 x 7.00 + 5 x 6.50 + 10 x 6.00 = 127.50.
    invoice = first(april, tiered(april, "graduated"), quantity)

    assert lines(invoice) == amounts
    assert (invoice.total, invoice.amount_paid) == (sum(amounts), sum(amounts))


def test_the_lines_of_tiers_say_which_they_are(april: Shop) -> None:
    invoice = first(april, tiered(april, "graduated"), 6)

    assert [(line.description, line.quantity) for line in invoice.lines.data] == [
        ("5 × Fonts (Tier 1 at $ 7.00 / month)", 5),  # noqa: RUF001 -- Stripe's own sign
        ("1 × Fonts (Tier 2 at $ 6.50 / month)", 1),  # noqa: RUF001
    ]
    assert [line.pricing.unit_amount_decimal for line in invoice.lines.data] == [700, 650]


def test_a_flat_amount_comes_with_every_tier_that_is_reached(april: Shop) -> None:
    # pricing-models, "combine tiers with a flat fee": 100 units for 50.00, then 10.00 and 0.20
    # each. 150 units reach both: 50.00 + 10.00 + 50 x 0.20 = 70.00.
    invoice = first(april, tiered(april, "graduated", STEPS), 150)

    assert lines(invoice) == [0, 5000, 1000, 1000]
    assert invoice.total == 7000


def test_a_flat_amount_of_volume_tiers_is_that_of_the_last_alone(april: Shop) -> None:
    # The same tiers by volume: 150 units are in the second, 150 x 0.20 + 10.00 = 40.00.
    assert first(april, tiered(april, "volume", STEPS), 150).total == 4000


def test_more_of_what_is_tiered_is_prorated_by_what_the_whole_costs(april: Shop) -> None:
    # prorations: 5 fonts for 35.00, from the 16th 12 for 5 x 7.00 + 5 x 6.50 + 2 x 6.00 = 79.50.
    # Half of the month is left: -17.50 + 39.75 = 22.25.
    subscription = start(april, tiered(april, "graduated"), quantity=5)
    april.advance(to=APRIL_16)

    change(april, subscription, quantity=12, proration_behavior="always_invoice")

    invoice = april.invoices(subscription=subscription.id)[-1]
    assert lines(invoice) == [-1750, 3975]


@pytest.mark.parametrize(("rounds", "amount"), [("up", 1000), ("down", 500)])
def test_a_package_is_counted_whole(april: Shop, rounds: str, amount: int) -> None:
    # Package pricing, as on the page: 5.00 for every 10 units.
    # 13 units are 2 packages rounded up, and 1 rounded down.
    price = april.stripe.prices.create(
        {
            "product_data": {"name": "Credits"},
            "currency": "usd",
            "unit_amount": 500,
            "recurring": {"interval": "month"},
            "transform_quantity": {"divide_by": 10, "round": rounds},
        }
    )

    invoice = first(april, price.id, 13)

    assert lines(invoice) == [amount]
    assert invoice.lines.data[0].quantity == 13
    assert invoice.lines.data[0].description == "13 × Credits (at $ 5.00 per 10 / month)"  # noqa: RUF001


def test_a_price_is_what_it_costs_in_the_currency_of_the_subscription(april: Shop) -> None:
    # One price in two currencies (docs.stripe.com/products-prices/manage-prices): 12.00 and 15.00.
    price = april.stripe.prices.create(
        {
            "product_data": {"name": "Pro"},
            "currency": "eur",
            "unit_amount": 1200,
            "recurring": {"interval": "month"},
            "currency_options": {"usd": {"unit_amount": 1500}},
        }
    )

    in_dollars = first(april, price.id, 2, currency="usd")

    assert (in_dollars.currency, lines(in_dollars)) == ("usd", [3000])
    assert lines(first(april, price.id, 2)) == [2400]
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        start(april, price.id, currency="gbp")


def test_tiers_and_currencies_are_shown_to_those_who_ask(april: Shop) -> None:
    dollars = {"usd": {"tiers": [{"up_to": "inf", "unit_amount": 9}]}}
    price = tiered(april, "volume", currency="eur", currency_options=dollars)

    plain = april.stripe.prices.retrieve(price)
    full = april.stripe.prices.retrieve(price, {"expand": ["tiers", "currency_options"]})

    assert (plain.unit_amount, plain.billing_scheme, plain.tiers_mode) == (None, "tiered", "volume")
    assert {"tiers", "currency_options"} & plain.to_dict().keys() == set()
    assert [(tier.up_to, tier.unit_amount) for tier in full.tiers] == [
        (5, 700),
        (10, 650),
        (None, 600),
    ]
    assert sorted(full.currency_options.to_dict()) == ["eur", "usd"]


@pytest.mark.parametrize(
    "tiers",
    [
        [{"up_to": 5, "unit_amount": 1}],
        [{"up_to": "inf", "unit_amount": 1}, {"up_to": 5, "unit_amount": 1}],
        [{"up_to": 5, "unit_amount": 1}, {"up_to": 5, "unit_amount": 1}, {"up_to": "inf"}],
        [{"up_to": 5, "unit_amount": 1}, {"up_to": "inf"}],
    ],
    ids=["no last tier", "not in order", "empty tier", "without an amount"],
)
def test_tiers_that_make_no_price_are_refused(april: Shop, tiers: Tiers) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        tiered(april, "graduated", tiers)


def test_a_one_time_price_may_have_tiers_too(april: Shop) -> None:
    # The same fonts bought once: 7 by volume are 7 x 6.50 = 45.50.
    price = april.stripe.prices.create(
        {
            "product_data": {"name": "Fonts"},
            "currency": "eur",
            "billing_scheme": "tiered",
            "tiers_mode": "volume",
            "tiers": FONTS,
        }
    )
    who = customer(april)

    item = april.stripe.invoice_items.create(
        {"customer": who, "pricing": {"price": price.id}, "quantity": 7}
    )

    assert item.amount == 4550
