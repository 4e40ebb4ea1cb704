"""Stripe's search language for everything that has it (docs.stripe.com/search)."""

from typing import Any

import pytest
import stripe

from tests.stripe_simulator.shop import Shop
from tests.stripe_simulator.worked import customer, price, start


def ids(found: Any) -> list[str]:
    return [one.id for one in found.data]


def test_subscriptions_are_found_by_status_and_metadata(shop: Shop) -> None:
    known = start(shop, price(shop, 1000), metadata={"user": "7"})
    ended = start(shop, price(shop, 1000), metadata={"user": "8"})
    shop.stripe.subscriptions.cancel(ended.id)
    search = shop.stripe.subscriptions.search

    assert ids(search({"query": "status:'active'"})) == [known.id]
    assert ids(search({"query": "metadata['user']:'8'"})) == [ended.id]
    assert ids(search({"query": "-status:'active' OR metadata['user']:'7'"})) == [
        ended.id,
        known.id,
    ]


def test_invoices_are_found_by_their_subscription_and_total(shop: Shop) -> None:
    small, large = start(shop, price(shop, 1000)), start(shop, price(shop, 5000))
    search = shop.stripe.invoices.search

    assert ids(search({"query": f"subscription:'{small.id}'"})) == [small.latest_invoice]
    assert ids(search({"query": "total>=5000 AND status:'paid'"})) == [large.latest_invoice]


def test_payments_are_found_by_amount_and_card(shop: Shop) -> None:
    start(shop, price(shop, 1000))
    charges, intents = shop.stripe.charges, shop.stripe.payment_intents

    by_card = charges.search({"query": "payment_method_details.card.last4:4242"})
    by_amount = intents.search({"query": "amount:1000 AND currency:'eur'"})

    assert [one.amount for one in by_card.data] == [1000]
    assert [one.status for one in by_amount.data] == ["succeeded"]
    assert charges.search({"query": "payment_method_details.card.last4:1111"}).data == []


def test_what_is_sold_is_found_by_name_and_key(shop: Shop) -> None:
    product = shop.stripe.products.create({"name": "Cakes of Kyiv", "active": True})
    keyed = shop.stripe.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 5, "lookup_key": "cake"}
    )

    assert ids(shop.stripe.products.search({"query": "name~'kyiv'"})) == [product.id]
    assert ids(shop.stripe.prices.search({"query": "lookup_key:'cake'"})) == [keyed.id]
    assert ids(shop.stripe.prices.search({"query": f"product:'{product.id}'"})) == [keyed.id]


def test_results_come_in_pages(shop: Shop) -> None:
    made = [customer(shop, card=None) for _ in range(3)]

    first = shop.stripe.customers.search({"query": "name:'Ada'", "limit": 2})
    found = shop.stripe.customers.search(
        {"query": "name:'Ada'", "limit": 2, "page": first.next_page}
    )

    assert (ids(first), first.has_more) == ([made[2], made[1]], True)
    assert (ids(found), found.has_more, found.next_page) == ([made[0]], False, None)


@pytest.mark.parametrize("query", ["total:'1'", "status='active'", "", "created:'x' AND"])
def test_a_query_that_cannot_be_read_is_refused(shop: Shop, query: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.subscriptions.search({"query": query})
