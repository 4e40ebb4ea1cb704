"""What the stories elsewhere do not touch."""

import pytest
import stripe

from tests.stripe_simulator.shop import Shop


def test_the_account_is_always_the_same(shop: Shop) -> None:
    assert shop.stripe.accounts.retrieve_current().id == shop.stripe.accounts.retrieve_current().id


def test_metadata_is_merged_unset_and_cleared(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"metadata": {"a": "1", "b": "2"}})

    merged = shop.stripe.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    cleared = shop.stripe.customers.update(customer.id, {"metadata": ""})

    assert merged.metadata.to_dict() == {"a": "1", "c": "3"}
    assert cleared.metadata.to_dict() == {}


def test_an_update_tells_what_was_before_and_nothing_when_nothing_changed(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"name": "Ada", "address": {"city": "London"}})
    shop.stripe.customers.update(customer.id, {"name": "Ada"})
    shop.stripe.customers.update(customer.id, {"name": "Ada L.", "address": {"city": "Paris"}})

    updates = shop.events("customer.updated")

    assert [event.data.previous_attributes.to_dict() for event in updates] == [
        {"name": "Ada", "address": {"city": "London"}}
    ]


def test_a_product_comes_with_its_default_price_and_can_be_archived(shop: Shop) -> None:
    product = shop.stripe.products.create(
        {
            "name": "Pro",
            "default_price_data": {
                "currency": "usd",
                "unit_amount": 500,
                "recurring": {"interval": "year"},
            },
            "expand": ["default_price"],
        }
    )
    shop.stripe.products.update(product.id, {"active": False})

    assert product.default_price.recurring.interval == "year"
    assert shop.stripe.products.list({"active": True}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="user-created prices"):
        shop.stripe.products.delete(product.id)


def test_a_product_without_prices_can_be_deleted(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Mistake", "id": "mistake"})

    assert shop.stripe.products.delete(product.id).deleted is True
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        shop.stripe.products.retrieve("mistake")


def test_an_inactive_price_cannot_be_sold(shop: Shop) -> None:
    price = shop.monthly()
    shop.stripe.prices.update(price, {"active": False})

    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        shop.session(price)


def test_a_price_that_changes_is_seen_in_its_subscriptions(shop: Shop) -> None:
    price = shop.monthly()
    subscription = shop.subscribed(price)

    shop.stripe.prices.update(price, {"nickname": "Founders", "metadata": {"plan": "pro"}})

    seen = shop.subscription(subscription.id)["items"].data[0].price
    assert (seen.nickname, seen.metadata.to_dict()) == ("Founders", {"plan": "pro"})


def test_fractions_of_a_cent_are_rounded_once_at_the_end(shop: Shop) -> None:
    """0.75 cents, 3 of them: 2.25, which is 2; 0.5 cents once is 1 (half up)."""
    product = shop.stripe.products.create({"name": "Pages"}).id
    new = {"product": product, "currency": "eur", "recurring": {"interval": "month"}}
    three_quarters = shop.stripe.prices.create(new | {"unit_amount_decimal": "0.75"})
    half = shop.stripe.prices.create(new | {"unit_amount_decimal": "0.5"})

    amounts = [
        shop.session(three_quarters.id, quantity=3).amount_total,
        shop.session(half.id).amount_total,
    ]

    assert three_quarters.unit_amount is None
    assert amounts == [2, 1]


def test_cards_are_attached_made_default_and_detached(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    card = shop.stripe.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    default = {"invoice_settings": {"default_payment_method": card.id}}
    shop.stripe.customers.update(customer.id, default)
    listed = shop.stripe.customers.payment_methods.list(customer.id).data

    shop.stripe.payment_methods.detach(card.id)

    after = shop.stripe.customers.retrieve(customer.id)
    assert (card.card.brand, [one.id for one in listed]) == ("mastercard", [card.id])
    assert after.invoice_settings.default_payment_method is None
    assert shop.stripe.payment_methods.retrieve(card.id).customer is None


def test_a_card_that_is_declined_cannot_be_attached(shop: Shop) -> None:
    customer = shop.stripe.customers.create({})

    with pytest.raises(stripe.CardError) as refused:
        shop.stripe.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})

    assert refused.value.code == "card_declined"
    assert shop.stripe.customers.payment_methods.list(customer.id).data == []


def test_a_default_card_of_someone_else_is_refused(shop: Shop) -> None:
    ada, bob = shop.stripe.customers.create({}), shop.stripe.customers.create({})
    card = shop.stripe.payment_methods.attach("pm_card_visa", {"customer": ada.id})

    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        shop.stripe.customers.update(
            bob.id, {"invoice_settings": {"default_payment_method": card.id}}
        )


def test_features_of_a_plan_come_and_go_with_its_subscription(shop: Shop) -> None:
    price = shop.monthly()
    product = shop.stripe.prices.retrieve(price).product
    feature = shop.stripe.entitlements.features.create({"lookup_key": "export", "name": "Export"})
    shop.stripe.products.features.create(product, {"entitlement_feature": feature.id})
    subscription = shop.subscribed(price)

    held = shop.stripe.entitlements.active_entitlements.list({"customer": subscription.customer})
    shop.stripe.subscriptions.cancel(subscription.id)
    gone = shop.stripe.entitlements.active_entitlements.list({"customer": subscription.customer})

    summaries = [
        [one.lookup_key for one in event.data.object.entitlements.data]
        for event in shop.events("entitlements.active_entitlement_summary.updated")
    ]
    assert [one.lookup_key for one in held.data] == ["export"]
    assert gone.data == []
    assert summaries == [["export"], []]


def test_an_invoice_paid_elsewhere_makes_no_charge(shop: Shop) -> None:
    subscription = shop.subscribed()
    shop.advance_to("2026-02-28 10:30")
    draft = shop.invoices(subscription=subscription.id)[-1]

    paid = shop.stripe.invoices.pay(draft.id, {"paid_out_of_band": True})

    assert (paid.status, paid.amount_paid) == ("paid", 1200)
    assert len(shop.stripe.charges.list({"customer": subscription.customer}).data) == 1
    assert shop.stripe.invoice_payments.list({"invoice": draft.id}).data[0].status == "canceled"
