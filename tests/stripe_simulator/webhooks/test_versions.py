"""The shapes before basil, as its changelog tells what moved where."""

import json
from typing import Any

from tests.stripe_simulator.pages.shop import ENTRY
from tests.stripe_simulator.shop import JANUARY_31, Shop, seconds

ACACIA, BASIL = "2025-02-24.acacia", "2025-03-31.basil"


def payloads(shop: Shop, version: str) -> dict[str, Any]:
    """The newest event of each type as an endpoint of this version receives it."""
    answer = shop.http.get("/_control/events", params={"api_version": version})
    return {one["type"]: json.loads(one["payload"]) for one in answer.json()["events"]}


def test_a_subscription_has_its_period_on_itself(shop: Shop) -> None:
    subscription = shop.subscribed()

    older = payloads(shop, ACACIA)["customer.subscription.updated"]["data"]["object"]
    today = payloads(shop, "2026-10-28.endive")["customer.subscription.updated"]["data"]["object"]

    assert (older["id"], older["status"]) == (subscription.id, "active")
    assert older["current_period_start"] == JANUARY_31
    assert older["current_period_end"] == seconds("2026-02-28 10:00")
    assert "current_period_end" not in older["items"]["data"][0]
    assert "billing_mode" not in older
    assert "current_period_start" not in today
    assert today["items"]["data"][0]["current_period_start"] == JANUARY_31


def test_an_invoice_names_subscription_intent_and_charge(shop: Shop) -> None:
    subscription = shop.subscribed(subscription_data={"metadata": {"user": "1"}})
    charge = shop.stripe.charges.list({"customer": subscription.customer}).data[0]

    invoice = payloads(shop, ACACIA)["invoice.paid"]["data"]["object"]

    assert (invoice["subscription"], invoice["paid"]) == (subscription.id, True)
    assert invoice["subscription_details"] == {"metadata": {"user": "1"}}
    assert (invoice["charge"], invoice["payment_intent"]) == (charge.id, charge.payment_intent)
    assert not {"parent", "payments", "amount_overpaid"} & invoice.keys()
    line = invoice["lines"]["data"][0]
    assert (line["type"], line["proration"], line["subscription"]) == (
        "subscription",
        False,
        subscription.id,
    )
    assert line["price"]["unit_amount"] == line["plan"]["amount"] == 1200
    assert "pricing" not in line


def test_charge_and_intent_name_their_invoice(shop: Shop) -> None:
    subscription = shop.subscribed()

    older = payloads(shop, ACACIA)

    charge = older["charge.succeeded"]["data"]["object"]
    intent = older["payment_intent.succeeded"]["data"]["object"]
    assert charge["invoice"] == intent["invoice"] == subscription.latest_invoice


def test_the_old_values_move_with_the_members(shop: Shop) -> None:
    shop.subscribed()
    shop.advance_to("2026-02-28 10:00")

    update = payloads(shop, ACACIA)["customer.subscription.updated"]

    assert update["api_version"] == ACACIA
    assert update["data"]["previous_attributes"]["current_period_start"] == JANUARY_31
    assert update["data"]["object"]["current_period_start"] == seconds("2026-02-28 10:00")


def test_the_api_answers_in_an_older_version_when_asked(shop: Shop) -> None:
    subscription = shop.subscribed()
    headers = {"authorization": "Bearer sk_test_x", "stripe-version": ACACIA}

    answer = shop.http.get(f"/v1/subscriptions/{subscription.id}", headers=headers)

    assert answer.json()["current_period_start"] == JANUARY_31


def test_events_are_listed_behind_one_that_is_known(shop: Shop) -> None:
    first = shop.stripe.customers.create({})
    known = shop.events()[0].id
    shop.stripe.customers.update(first.id, {"name": "Ada"})

    answer = shop.http.get("/_control/events", params={"after": known})

    assert [event["type"] for event in answer.json()["events"]] == ["customer.updated"]


def test_a_proration_and_a_discount_are_shown_as_they_were(shop: Shop) -> None:
    coupon = shop.stripe.coupons.create({"percent_off": 50, "duration": "forever"})
    subscription = shop.subscribed(discounts=[{"coupon": coupon.id}])
    bigger = {"id": subscription["items"].data[0].id, "price": shop.monthly(3000)}

    shop.stripe.subscriptions.update(
        subscription.id, {"items": [bigger], "proration_behavior": "always_invoice"}
    )
    older = payloads(shop, ACACIA)

    invoice = older["invoice.paid"]["data"]["object"]
    credit = invoice["lines"]["data"][0]
    item = older["invoiceitem.created"]["data"]["object"]
    assert (credit["type"], credit["proration"], credit["amount"]) == ("invoiceitem", True, -600)
    assert (item["proration"], item["subscription"]) == (True, subscription.id)
    assert invoice["discount"]["coupon"]["percent_off"] == 50
    assert older["customer.discount.created"]["data"]["object"]["coupon"]["id"] == coupon.id


def test_a_line_without_a_price_is_shown_without_one(shop: Shop) -> None:
    customer = shop.stripe.customers.create({"email": "ada@example.com"})
    draft = shop.stripe.invoices.create({"customer": customer.id, "currency": "eur"})
    shop.stripe.invoices.add_lines(draft.id, {"lines": [{"amount": 900}]})

    line = payloads(shop, ACACIA)["invoice.updated"]["data"]["object"]["lines"]["data"][0]

    assert (line["type"], line["amount"], line["price"]) == ("invoiceitem", 900, None)


def test_basil_has_todays_places_without_what_came_later(shop: Shop) -> None:
    coupon = shop.stripe.coupons.create({"percent_off": 25, "duration": "once"})
    subscription = shop.subscribed(discounts=[{"coupon": coupon.id}])

    told = {name: one["data"]["object"] for name, one in payloads(shop, BASIL).items()}

    subscribed, invoice = told["customer.subscription.updated"], told["invoice.paid"]
    assert "current_period_end" not in subscribed
    assert subscribed["items"]["data"][0]["current_period_start"] == JANUARY_31
    assert not {"billing_mode", "status_details", "customer_account"} & subscribed.keys()
    assert invoice["parent"]["subscription_details"]["subscription"] == subscription.id
    assert "subscription" not in invoice
    assert "status_details" not in invoice
    line = invoice["lines"]["data"][0]
    assert (
        line["pricing"]["price_details"]["price"] == subscribed["items"]["data"][0]["price"]["id"]
    )
    assert "price" not in line
    assert told["customer.discount.created"]["coupon"]["id"] == coupon.id
    assert told["checkout.session.completed"]["ui_mode"] == "hosted"
    assert "invoice" not in told["charge.succeeded"]


def test_a_delivery_stands_where_each_version_has_it(shop: Shop) -> None:
    session = shop.session(
        shop.monthly(), shipping_address_collection={"allowed_countries": ["IE"]}
    )
    home = {"line1": "1 Main Street", "city": "Dublin", "country": "IE"}
    answers = {f"shipping_{name}": value for name, value in home.items()}
    shop.http.post(f"/c/pay/{session.id}", data=ENTRY | answers | {"shipping_name": "Ada"})

    older, newer = (
        payloads(shop, version)["checkout.session.completed"]["data"]["object"]
        for version in (ACACIA, BASIL)
    )

    assert older["shipping_details"]["address"]["line1"] == "1 Main Street"
    assert newer["collected_information"]["shipping_details"]["name"] == "Ada"
    assert "shipping_details" not in newer
