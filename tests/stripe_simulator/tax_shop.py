"""A seller in Germany who collects taxes there and, by One Stop Shop, in the rest of the EU."""

from typing import Any

from tests.stripe_simulator.shop import Shop

AUTOMATIC = {"automatic_tax": {"enabled": True}}


def open_office(shop: Shop, country: str = "DE", behavior: str | None = None, **more: str) -> None:
    settings: dict[str, Any] = {"head_office": {"address": {"country": country, **more}}}
    if behavior:
        settings["defaults"] = {"tax_behavior": behavior}
    shop.stripe.tax.settings.update(settings)


def register(shop: Shop, country: str = "DE", kind: str = "standard", **options: Any) -> Any:
    return shop.stripe.tax.registrations.create(
        {
            "country": country,
            "active_from": "now",
            "country_options": {country.lower(): {"type": kind, **options}},
        }
    )


def price(shop: Shop, amount: int, behavior: str = "exclusive", currency: str = "eur") -> str:
    made = shop.stripe.prices.create(
        {
            "product_data": {"name": "Pro"},
            "currency": currency,
            "unit_amount": amount,
            "tax_behavior": behavior,
            "recurring": {"interval": "month"},
        }
    )
    return str(made.id)


def buyer(shop: Shop, country: str, *tax_ids: tuple[str, str], **address: str) -> str:
    """Somebody with a card who lives there."""
    made = shop.stripe.customers.create(
        {
            "email": "ada@example.com",
            "address": {"country": country, **address},
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
            "tax_id_data": [{"type": kind, "value": value} for kind, value in tax_ids],
        }
    )
    return str(made.id)


def subscribe(shop: Shop, customer: str, price: str, **more: Any) -> Any:
    return shop.stripe.subscriptions.create(
        {"customer": customer, "items": [{"price": price}], **AUTOMATIC, **more}
    )


def first_invoice(shop: Shop, subscription: Any) -> Any:
    return shop.stripe.invoices.retrieve(subscription.latest_invoice)


def taxes(thing: Any) -> list[tuple[int, int, str]]:
    """Amount, what it was counted of, and why."""
    found = thing.total_taxes if thing.object == "invoice" else thing.taxes
    return [(tax.amount, tax.taxable_amount, tax.taxability_reason) for tax in found]
