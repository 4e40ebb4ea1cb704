"""What the worked examples have in common: April 2026, which has 30 days."""

from typing import Any

from tests.stripe_simulator.shop import FAILS_LATER, GOOD, Shop, seconds

APRIL_1 = seconds("2026-04-01 00:00")
APRIL_16 = seconds("2026-04-16 00:00")
MAY_1 = seconds("2026-05-01 00:00")
TOKENS = {GOOD: "pm_card_visa", FAILS_LATER: "pm_card_chargeCustomerFail"}


def price(shop: Shop, amount: int, interval: str = "month", currency: str = "eur") -> str:
    return shop.monthly(amount, currency, interval=interval)


def customer(shop: Shop, card: str | None = GOOD) -> str:
    """Someone with a default card, or without any."""
    made = shop.stripe.customers.create({"email": "ada@example.com", "name": "Ada"})
    if card:
        use_card(shop, made.id, card)
    return str(made.id)


def use_card(shop: Shop, customer: str, card: str) -> None:
    method = shop.stripe.payment_methods.attach(TOKENS[card], {"customer": customer})
    settings = {"default_payment_method": method.id}
    shop.stripe.customers.update(customer, {"invoice_settings": settings})


def start(shop: Shop, *prices: str, card: str = GOOD, quantity: int = 1, **more: Any) -> Any:
    """A paid subscription. With `FAILS_LATER` it is the next payment that fails."""
    who = more.pop("customer", None) or customer(shop)
    subscription = shop.stripe.subscriptions.create(
        {
            "customer": who,
            "items": [{"price": one, "quantity": quantity} for one in prices],
            **more,
        }
    )
    if card != GOOD:
        use_card(shop, who, card)
    return subscription


def change(shop: Shop, subscription: Any, **to: Any) -> Any:
    """Changes the first item; what is not about the item is about the subscription."""
    item: dict[str, Any] = {name: to.pop(name) for name in ("price", "quantity") if name in to}
    item["id"] = subscription["items"].data[0].id
    return shop.stripe.subscriptions.update(subscription.id, {"items": [item], **to})


def lines(invoice: Any) -> list[int]:
    return [line.amount for line in invoice.lines.data]


def coupon(shop: Shop, **params: Any) -> str:
    return str(shop.stripe.coupons.create({"duration": "forever", **params}).id)


def code(shop: Shop, coupon: str, text: str = "HELLO", **params: Any) -> Any:
    promotion = {"type": "coupon", "coupon": coupon}
    return shop.stripe.promotion_codes.create({"promotion": promotion, "code": text, **params})
