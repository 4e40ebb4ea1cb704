"""The private calls with which the official CLI completes a Checkout session."""

import json
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.stripe_simulator.shop import Shop

KEY = {"authorization": "Bearer sk_test_cli"}
SHIPPING = {
    "name": "Jenny Rosen",
    "address": {"line1": "510 Townsend St", "city": "San Francisco", "country": "US"},
}


def session(shop: Shop) -> str:
    price = shop.stripe.prices.create(
        {"currency": "eur", "unit_amount": 1500, "product_data": {"name": "myproduct"}}
    )
    made = shop.session(
        price.id,
        mode="payment",
        quantity=2,
        payment_intent_data={"setup_future_usage": "off_session", "shipping": SHIPPING},
    )
    return str(made.id)


def confirm(shop: Shop, id_: str, card: str, amount: int) -> httpx2.Response:
    body = urlencode({"payment_method": card, "expected_amount": amount})
    headers = KEY | {"content-type": "application/x-www-form-urlencoded"}
    return shop.http.post(f"/v1/payment_pages/{id_}/confirm", content=body, headers=headers)


def test_a_page_is_looked_at_and_confirmed(shop: Shop) -> None:
    id_ = session(shop)

    page: Any = json.loads(shop.http.get(f"/v1/payment_pages/{id_}", headers=KEY).text)
    done = confirm(shop, id_, "pm_card_visa", 3000)

    assert (page["id"], page["status"]) == (id_, "open")
    assert (done.status_code, done.json()["status"]) == (200, "complete")
    intent = shop.stripe.payment_intents.retrieve(done.json()["payment_intent"])
    assert (intent.amount, intent.shipping.name) == (3000, "Jenny Rosen")
    assert len(shop.events("checkout.session.completed")) == 1
    assert confirm(shop, id_, "pm_card_visa", 3000).status_code == 400


def test_another_amount_and_another_card_are_refused(shop: Shop) -> None:
    id_ = session(shop)

    assert confirm(shop, id_, "pm_card_visa", 2999).status_code == 400
    assert confirm(shop, id_, "pm_card_chargeDeclined", 3000).status_code == 402
    assert confirm(shop, id_, "pm_card_authenticationRequired", 3000).status_code == 402
    assert shop.stripe.checkout.sessions.retrieve(id_).status == "open"
