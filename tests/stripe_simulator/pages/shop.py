"""A seller at the simulator, and what a buyer types."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from stripe import Invoice, StripeClient

ENTRY = {
    "email": "ada@example.test",
    "number": "4242 4242 4242 4242",
    "exp_month": "12",
    "exp_year": "34",
    "cvc": "123",
    "name": "Ada Lovelace",
}
DECLINED = "4000 0000 0000 0002"
RETURN = "http://127.0.0.1:9/return?session_id={CHECKOUT_SESSION_ID}"
CANCEL = "http://127.0.0.1:9/pricing"


@dataclass(frozen=True)
class Opened:
    """A payment page: the id of its session and its path."""

    id: str
    path: str

    @property
    def return_url(self) -> str:
        return RETURN.replace("{CHECKOUT_SESSION_ID}", self.id)


@dataclass(frozen=True)
class Shop:
    api: StripeClient
    url: str

    def opens(
        self, *, trial_days: int | None = None, email: str | None = None, return_url: str = RETURN
    ) -> Opened:
        """A page that sells Pro at 12.00 euros a month."""
        product = self.api.v1.products.create({"name": "Pro", "description": "The premium pages"})
        price = self.api.v1.prices.create(
            {
                "product": product.id,
                "currency": "eur",
                "unit_amount": 1200,
                "recurring": {"interval": "month"},
            }
        )
        session = self.api.v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "success_url": return_url,
                "cancel_url": CANCEL,
                "line_items": [{"price": price.id, "quantity": 1}],
                **({"customer_email": email} if email else {}),
                **({"subscription_data": {"trial_period_days": trial_days}} if trial_days else {}),
            }
        )
        assert session.url
        return Opened(session.id, urlsplit(session.url).path)

    def expire(self, opened: Opened) -> None:
        self.api.v1.checkout.sessions.expire(opened.id)

    def waiting_invoice(self) -> Invoice:
        """Ada's first invoice of 12.00 euros, to be paid by herself."""
        customer = self.api.v1.customers.create({"name": "Ada", "email": "ada@example.test"})
        product = self.api.v1.products.create({"name": "Pro"})
        price = {
            "product": product.id,
            "currency": "eur",
            "unit_amount": 1200,
            "recurring": {"interval": "month"},
        }
        subscription = self.api.v1.subscriptions.create(
            {
                "customer": customer.id,
                "items": [{"price": self.api.v1.prices.create(price).id}],  # type: ignore[arg-type]
                "payment_behavior": "default_incomplete",
            }
        )
        return self.api.v1.invoices.retrieve(str(subscription.latest_invoice))
