"""Test tokens where an object is made with a card."""

from tests.stripe_simulator.shop import Shop


def test_one_token_given_twice_is_one_card(shop: Shop) -> None:
    customer = shop.stripe.customers.create(
        {
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
        }
    )

    cards = shop.stripe.customers.payment_methods.list(customer.id).data

    assert [card.id for card in cards] == [customer.invoice_settings.default_payment_method]
