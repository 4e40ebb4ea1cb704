"""A small business which sells through the simulator, with the official SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import stripe

from tests.engines.patience import PATIENCE
from tests.engines.trust import trust

GOOD, DECLINED, POOR, FAILS_LATER = (
    "4242424242424242",
    "4000000000000002",
    "4000000000009995",
    "4000000000000341",
)
HOUR, DAY = 3600, 86400


def seconds(text: str) -> int:
    """`2026-01-31 10:00` in UTC as unix seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


JANUARY_31 = seconds("2026-01-31 10:00")


@dataclass
class Shop:
    stripe: Any
    http: httpx2.Client

    @classmethod
    @contextmanager
    def at(cls, url: str) -> Iterator["Shop"]:
        client = stripe.StripeClient(
            "sk_test_simulator", base_addresses={"api": url}, max_network_retries=0
        )
        with httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE, verify=trust()) as http:
            yield cls(stripe=client.v1, http=http)

    def monthly(self, amount: int = 1200, currency: str = "eur", **recurring: Any) -> str:
        """A price of a new product, by default € 12.00 a month."""
        product = self.stripe.products.create({"name": "Pro"})
        price = self.stripe.prices.create(
            {
                "product": product.id,
                "currency": currency,
                "unit_amount": amount,
                "recurring": {"interval": "month", **recurring},
            }
        )
        return str(price.id)

    def session(self, price: str, **more: Any) -> Any:
        mode = more.pop("mode", "subscription")
        return self.stripe.checkout.sessions.create(
            {
                "mode": mode,
                "line_items": [{"price": price, "quantity": more.pop("quantity", 1)}],
                "success_url": "https://shop.example/back?session={CHECKOUT_SESSION_ID}",
                "cancel_url": "https://shop.example/pricing",
                **more,
            }
        )

    def pay(self, session: str, card: str = GOOD, **details: Any) -> httpx2.Response:
        return self.http.post(f"/_control/checkout/{session}/pay", json={"card": card, **details})

    def subscribed(self, price: str | None = None, card: str = GOOD, **more: Any) -> Any:
        """The subscription of someone new who has just paid for it."""
        customer = self.stripe.customers.create({"email": "ada@example.com", "name": "Ada"})
        session = self.session(price or self.monthly(), customer=customer.id, **more)
        answer = self.pay(session.id, card)
        assert answer.status_code == 200, answer.text
        return self.subscription(self.stripe.checkout.sessions.retrieve(session.id).subscription)

    def subscription(self, id_: str) -> Any:
        return self.stripe.subscriptions.retrieve(id_)

    def invoices(self, **wanted: Any) -> list[Any]:
        """Oldest first."""
        return list(self.stripe.invoices.list({"limit": 100, **wanted}).data)[::-1]

    def advance(self, **by: int) -> list[str]:
        """Moves time; the types of what happened."""
        answer = self.http.post("/_control/clock/advance", json=by)
        assert answer.status_code == 200, answer.text
        return [event["type"] for event in answer.json()["events"]]

    def advance_to(self, text: str) -> list[str]:
        return self.advance(to=seconds(text))

    def next_charge(self, customer: str, outcome: str, times: int = 1) -> None:
        plan = {"customer": customer, "outcome": outcome, "times": times}
        answer = self.http.post("/_control/cards/next", json=plan)
        assert answer.status_code == 200, answer.text

    def events(self, *types: str) -> list[Any]:
        """Oldest first."""
        wanted = {"types": list(types)} if types else {}
        return list(self.stripe.events.list({"limit": 100, **wanted}).data)[::-1]


def period(subscription: Any) -> tuple[int, int]:
    item = subscription["items"].data[0]
    return item.current_period_start, item.current_period_end
