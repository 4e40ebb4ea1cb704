"""Somebody in the portal: Ada, who pays 12.00 a month and could pay 20.00."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.stripe_simulator.shop import Shop

BACK = "https://shop.example/account"
ALL: dict[str, Any] = {
    "customer_update": {"enabled": True, "allowed_updates": ["name", "email", "address"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "at_period_end",
        "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
    },
    "subscription_pause": {"enabled": True},
}


@dataclass
class Ada:
    shop: Shop
    customer: str
    subscription: str
    prices: tuple[str, str]
    configuration: str

    @classmethod
    def at(cls, shop: Shop, **features: Any) -> "Ada":
        cheap, dear = shop.monthly(1200), shop.monthly(2000)
        subscription = shop.subscribed(cheap)
        products = [
            {
                "product": shop.stripe.prices.retrieve(price).product,
                "prices": [price],
                "adjustable_quantity": {"enabled": True},
            }
            for price in (cheap, dear)
        ]
        update = {
            "enabled": True,
            "default_allowed_updates": ["price", "quantity"],
            "products": products,
            "proration_behavior": "always_invoice",
        }
        wanted = {**ALL, "subscription_update": update, **features}
        made = shop.stripe.billing_portal.configurations.create({"features": wanted})
        return cls(shop, subscription.customer, subscription.id, (cheap, dear), made.id)

    def opens(self, **flow: Any) -> str:
        """The path of a new session."""
        session = self.shop.stripe.billing_portal.sessions.create(
            {
                "customer": self.customer,
                "configuration": self.configuration,
                "return_url": BACK,
                **({"flow_data": flow} if flow else {}),
            }
        )
        return str(urlsplit(session.url).path)

    def sees(self, path: str) -> str:
        answer = self.shop.http.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def presses(self, path: str, **form: str) -> httpx2.Response:
        return self.shop.http.post(path, data=form)

    def now(self) -> Any:
        return self.shop.subscription(self.subscription)
