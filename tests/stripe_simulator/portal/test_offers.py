"""The portal in fine: changes that wait, codes, offers to stay, pauses with an end, tax ids."""

import pytest
import stripe

from tests.stripe_simulator.portal.visitor import ALL, Ada
from tests.stripe_simulator.shop import DAY, HOUR, Shop

LATER = {"conditions": [{"type": "decreasing_item_amount"}, {"type": "shortening_interval"}]}


def updating(shop: Shop, **feature: object) -> Ada:
    """Ada, who may change her plan as `feature` says."""
    ada = Ada.at(shop)
    shop.stripe.billing_portal.configurations.update(
        ada.configuration, {"features": {"subscription_update": feature}}
    )
    return ada


def test_a_smaller_plan_waits_for_the_end_of_the_period(shop: Shop) -> None:
    # Up at once, 12.00 to 20.00; down with the next period: 20.00 less 12.00 paid, then 12.00.
    ada = updating(shop, schedule_at_period_end=LATER)
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"
    ada.presses(f"{base}/update", price=ada.prices[1], quantity="1")

    asked = ada.sees(f"{base}/confirm?price={ada.prices[0]}&quantity=1")
    ada.presses(f"{base}/update", price=ada.prices[0], quantity="1")
    home, between = ada.sees(ada.opens()), ada.now()
    shop.advance(seconds=28 * DAY + HOUR)

    assert "It changes on" in asked
    assert "Changes on 28 February 2026 to Pro, € 12.00 per month" in home
    assert between["items"].data[0].price.id == ada.prices[1]
    assert ada.now()["items"].data[0].price.id == ada.prices[0]
    amounts = [one.amount_paid for one in shop.invoices(subscription=ada.subscription)]
    assert amounts == [1200, 800, 1200]


def test_a_change_that_waits_is_forgotten_when_another_is_made(shop: Shop) -> None:
    ada = updating(shop, schedule_at_period_end=LATER)
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"
    ada.presses(f"{base}/update", price=ada.prices[1], quantity="1")
    ada.presses(f"{base}/update", price=ada.prices[0], quantity="1")

    ada.presses(f"{base}/update", price=ada.prices[1], quantity="2")

    assert ada.now().schedule is None
    assert ada.now()["items"].data[0].quantity == 2


def test_a_code_makes_a_change_cheaper_and_a_wrong_one_is_told(shop: Shop) -> None:
    # 20.00 less a quarter are 15.00, less the 12.00 that were paid: 3.00.
    ada = updating(shop, default_allowed_updates=["price", "quantity", "promotion_code"])
    quarter = shop.stripe.coupons.create({"percent_off": 25, "duration": "forever"}).id
    shop.stripe.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": quarter}, "code": "SPRING"}
    )
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"
    asked = f"{base}/confirm?price={ada.prices[1]}&quantity=1&code="

    wrong = shop.http.get(asked + "WINTER")
    right = ada.sees(asked + "spring")
    ada.presses(f"{base}/update", price=ada.prices[1], quantity="1", code="spring")

    assert (wrong.status_code, "This code is not valid." in wrong.text) == (422, True)
    assert "€ 3.00" in right
    assert shop.invoices(subscription=ada.subscription)[-1].amount_paid == 300


def test_a_flow_brings_its_own_reduction(shop: Shop) -> None:
    # 20.00 less a half are 10.00: less than was paid, so that 2.00 are a credit.
    ada = Ada.at(shop)
    half = shop.stripe.coupons.create({"percent_off": 50, "duration": "once"}).id
    item = ada.now()["items"].data[0].id
    path = ada.opens(
        type="subscription_update_confirm",
        subscription_update_confirm={
            "subscription": ada.subscription,
            "items": [{"id": item, "price": ada.prices[1], "quantity": 1}],
            "discounts": [{"coupon": half}],
        },
    )

    ada.presses(
        f"{path}/subscriptions/{ada.subscription}/update", price=ada.prices[1], quantity="1"
    )

    assert shop.stripe.customers.retrieve(ada.customer).balance == -200


def test_who_wants_to_leave_is_offered_something_and_stays(shop: Shop) -> None:
    ada = Ada.at(shop)
    third = shop.stripe.coupons.create(
        {"percent_off": 30, "duration": "repeating", "duration_in_months": 3}
    ).id
    offer = {"type": "coupon_offer", "coupon_offer": {"coupon": third}}
    path = ada.opens(
        type="subscription_cancel",
        subscription_cancel={"subscription": ada.subscription, "retention": offer},
    )

    asked = ada.sees(path)
    ada.presses(f"{path}/subscriptions/{ada.subscription}/stay")
    ada.presses(f"{path}/subscriptions/{ada.subscription}/stay")
    shop.advance(seconds=28 * DAY + HOUR)

    assert "30 % off, for 3 months." in asked
    after = ada.now()
    assert (after.cancel_at_period_end, len(after.discounts)) == (False, 1)
    # 12.00 less 30 % = 8.40
    assert shop.invoices(subscription=ada.subscription)[-1].amount_paid == 840
    with pytest.raises(stripe.InvalidRequestError):
        ada.opens(
            type="subscription_cancel",
            subscription_cancel={
                "subscription": ada.subscription,
                "retention": {"type": "coupon_offer", "coupon_offer": {"coupon": "NOTHING"}},
            },
        )


def test_a_pause_has_the_end_that_was_chosen(shop: Shop) -> None:
    options = [{"interval": "month"}, {"interval": "month", "interval_count": 3}]
    duration = {"type": "interval_options", "interval_options": options}
    ada = Ada.at(shop, subscription_pause={"enabled": True, "duration": duration})
    base = f"{ada.opens()}/subscriptions/{ada.subscription}"

    asked = ada.sees(f"{base}/pause")
    wrong = ada.presses(f"{base}/pause", length="9-year")
    ada.presses(f"{base}/pause", length="3-month")

    assert "3 months" in asked
    assert wrong.status_code == 400
    resumes = ada.now().pause_collection.resumes_at
    assert resumes == ada.now().created + 89 * DAY  # 31 January to 30 April


def test_ada_gives_her_tax_id_and_where_to_deliver(shop: Shop) -> None:
    may = {"enabled": True, "allowed_updates": ["name", "tax_id", "shipping"]}
    ada = Ada.at(shop, **{**ALL, "customer_update": may})
    path = ada.opens(type="customer_update")
    given = {"name": "Ada", "tax_id_type": "eu_vat", "shipping_country": "FR"}

    wrong = ada.presses(f"{path}/details", **given, tax_id="12")
    ada.presses(f"{path}/details", **given, tax_id="FRAB123456789")

    assert (wrong.status_code, "like DE123456789" in wrong.text) == (422, True)
    (kept,) = shop.stripe.customers.tax_ids.list(ada.customer).data
    assert (kept.value, kept.country) == ("FRAB123456789", "FR")
    assert shop.stripe.customers.retrieve(ada.customer).shipping.address.country == "FR"
    assert "FRAB123456789" in ada.sees(f"{path}/details")
    ada.presses(f"{path}/tax-ids/{kept.id}/remove")
    assert shop.stripe.customers.tax_ids.list(ada.customer).data == []
