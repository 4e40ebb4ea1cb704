"""Customers on test clocks, their tax ids, and searching for them."""

from typing import Any

from stripe import StripeClient


def live_on_a_clock(api: StripeClient, price: str) -> None:
    clocks = api.v1.test_helpers.test_clocks
    clock = clocks.create({"frozen_time": 1_800_000_000, "name": "A year"})
    customer = api.v1.customers.create({"test_clock": clock.id, "payment_method": "pm_card_visa"})
    card = api.v1.customers.payment_methods.list(customer.id).data[0].id
    api.v1.subscriptions.create(
        {"customer": customer.id, "items": [{"price": price}], "default_payment_method": card}
    )
    clocks.advance(clock.id, {"frozen_time": 1_800_000_000 + 40 * 86400})
    assert clocks.retrieve(clock.id).status == "ready"
    clocks.list({"limit": 1})
    clocks.delete(clock.id)


def be_found(api: StripeClient) -> None:
    customer = api.v1.customers.create({"name": "Rózsa", "email": "rozsa@example.test"}).id
    number: Any = {"type": "eu_vat", "value": "DE123456789"}
    own = api.v1.customers.tax_ids.create(customer, number)
    api.v1.customers.tax_ids.retrieve(customer, own.id)
    api.v1.customers.tax_ids.list(customer)
    api.v1.customers.retrieve(customer, {"expand": ["tax_ids"]})
    api.v1.customers.tax_ids.delete(customer, own.id)
    owner: Any = {"type": "customer", "customer": customer}
    other = api.v1.tax_ids.create(number | {"owner": owner})
    api.v1.tax_ids.retrieve(other.id)
    api.v1.tax_ids.list({"owner": owner})
    api.v1.tax_ids.delete(other.id)
    api.v1.customers.search({"query": "email:'rozsa@example.test'"})
