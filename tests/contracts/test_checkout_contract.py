"""Checkout with everything that it can ask for, held against Stripe's own types both ways."""

from typing import Any
from urllib.parse import urlsplit

import stripe

from stripe_simulator.server import running_simulator
from tests.contracts.gate import open_gate
from tests.contracts.plain import http
from tests.contracts.spec import Spec
from tests.stripe_simulator.checkout.test_collecting import ANSWERS, EVERYTHING

NOON = 1_796_040_000
DAY = 86400


def test_what_checkout_collects_has_stripes_shape(spec: Spec) -> None:
    with (
        open_gate(spec) as gate,
        running_simulator(
            webhook_url=gate.webhook_url, webhook_secret="whsec_checkout", now=NOON
        ) as simulator,
    ):
        gate.simulator_url = simulator.url
        api = stripe.StripeClient("sk_test_checkout", base_addresses={"api": gate.api_url})

        bought = sells(api, after_expiration={"recovery": {"enabled": True}})
        answer = http.post(f"{simulator.url}{urlsplit(str(bought.url)).path}", data=ANSWERS)
        left = sells(api, after_expiration={"recovery": {"enabled": True}})
        http.post(f"{simulator.url}/_control/clock/advance", json={"seconds": DAY})
        recovery: Any = api.v1.checkout.sessions.retrieve(left.id).after_expiration
        again = http.get(f"{simulator.url}{urlsplit(recovery.recovery.url).path}")
        copied = api.v1.checkout.sessions.retrieve(
            again.headers["location"].rpartition("/")[2], {"expand": ["line_items"]}
        )
        http.post(f"{simulator.url}/_control/deliveries/flush")

        assert answer.status_code == 303
        assert api.v1.checkout.sessions.retrieve(bought.id).status == "complete"
        assert copied.recovered_from == left.id
        assert gate.errors() == []
        told = {row.operation for row in gate.report.rows if row.method == "EVENT"}
        assert {"checkout.session.completed", "checkout.session.expired"} <= told


def sells(api: stripe.StripeClient, **more: Any) -> Any:
    product = api.v1.products.create({"name": "Pro"})
    price = api.v1.prices.create(
        {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 1200,
            "recurring": {"interval": "month"},
        }
    )
    asked: Any = {
        "mode": "subscription",
        "success_url": "https://shop.example/back",
        "line_items": [
            {
                "price": price.id,
                "quantity": 2,
                "adjustable_quantity": {"enabled": True, "maximum": 5},
            }
        ],
        **EVERYTHING,
        "name_collection": {"individual": {"enabled": True, "optional": True}},
        **more,
    }
    return api.v1.checkout.sessions.create(asked)
