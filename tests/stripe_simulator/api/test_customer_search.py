"""Customer search and tax ids."""

import pytest
import stripe

from tests.stripe_simulator.shop import JANUARY_31, Shop


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email:'ADA@example.com'", ["Ada"]),
        ('name~"o"', ["Bob", "Bobby"]),
        ("name~'bob' AND metadata['user']:'2'", ["Bob"]),
        ("name:'Ada' OR name:'Bobby'", ["Ada", "Bobby"]),
        ("-name~'bob'", ["Ada"]),
        ("phone:null AND name:'Ada'", ["Ada"]),
        (f"created>={JANUARY_31} AND created<{JANUARY_31 + 1}", ["Ada", "Bob", "Bobby"]),
        ("email:null", ["Bobby"]),
    ],
)
def test_a_query_finds(shop: Shop, query: str, found: list[str]) -> None:
    shop.stripe.customers.create({"name": "Ada", "email": "ada@example.com"})
    shop.stripe.customers.create(
        {"name": "Bob", "email": "bob@example.com", "metadata": {"user": "2"}}
    )
    shop.stripe.customers.create({"name": "Bobby"})

    result = shop.stripe.customers.search({"query": query})

    assert sorted(one.name for one in result.data) == found


def test_pages_follow_each_other(shop: Shop) -> None:
    for number in range(5):
        shop.stripe.customers.create({"name": f"Ada {number}"})

    found = shop.stripe.customers.search({"query": "name~'ada'", "limit": 2})

    assert len([one.id for one in found.auto_paging_iter()]) == 5


@pytest.mark.parametrize(
    "query", ["", "name", "name:'a' AND email:'b' OR email:'c'", "shoe:'9'", "name:'a", "name>'a'"]
)
def test_what_cannot_be_read_is_refused(shop: Shop, query: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.customers.search({"query": query})


def test_tax_ids_stand_on_the_invoices_that_follow(shop: Shop) -> None:
    customer = shop.stripe.customers.create(
        {
            "tax_id_data": [{"type": "eu_vat", "value": "DE123456789"}],
            "payment_method": "pm_card_visa",
        }
    )
    made = shop.stripe.customers.tax_ids.list(customer.id).data[0]
    card = shop.stripe.customers.payment_methods.list(customer.id).data[0].id
    subscription = shop.stripe.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": shop.monthly()}],
            "default_payment_method": card,
        }
    )

    assert (made.country, made.verification.status) == ("DE", "verified")
    invoice = shop.stripe.invoices.retrieve(subscription.latest_invoice)
    assert [(one.type, one.value) for one in invoice.customer_tax_ids] == [
        ("eu_vat", "DE123456789")
    ]
    assert shop.stripe.customers.tax_ids.delete(customer.id, made.id).deleted is True
    assert shop.stripe.customers.tax_ids.list(customer.id).data == []


def test_a_tax_id_belongs_to_its_customer(shop: Shop) -> None:
    first, second = (shop.stripe.customers.create({}).id for _ in range(2))
    made = shop.stripe.tax_ids.create(
        {
            "type": "eu_vat",
            "value": "DE111111111",
            "owner": {"type": "customer", "customer": first},
        }
    )

    assert made.verification.status == "unverified"
    assert shop.stripe.tax_ids.retrieve(made.id).id == made.id
    with pytest.raises(stripe.InvalidRequestError):
        shop.stripe.customers.tax_ids.retrieve(second, made.id)
    assert len(shop.stripe.tax_ids.list().data) == 1
