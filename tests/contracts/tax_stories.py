"""Automatic tax: the seller's settings and registrations, and who pays what. With the SDK."""

from typing import Any

from stripe import StripeClient

from tests.contracts.plain import http
from tests.contracts.stories import CARD, Advance, Catalogue

AUTOMATIC: Any = {"enabled": True}
BERLIN = {
    "billing_line1": "Hauptstrasse 1",
    "billing_postal_code": "10115",
    "billing_city": "Berlin",
    "billing_country": "DE",
}


def tell_all(api: StripeClient, goods: Catalogue, advance: Advance) -> None:
    set_up(api)
    taxed = api.v1.prices.create(
        {
            "product": goods.product,
            "currency": "eur",
            "unit_amount": 1000,
            "tax_behavior": "exclusive",
            "currency_options": {"usd": {"unit_amount": 1100, "tax_behavior": "exclusive"}},
            "recurring": {"interval": "month"},
        }
    ).id
    check_out(api, taxed)
    be_a_business(api, taxed, advance)
    be_nowhere(api)


def set_up(api: StripeClient) -> None:
    api.v1.tax.settings.retrieve()
    api.v1.tax.settings.update(
        {
            "head_office": {"address": {"country": "DE", "city": "Berlin"}},
            "defaults": {"tax_behavior": "inferred_by_currency", "tax_code": "txcd_10103001"},
        }
    )
    for kind in ("standard", "oss_union"):
        here: Any = {"de": {"type": kind}}
        api.v1.tax.registrations.create(
            {"country": "DE", "active_from": "now", "country_options": here}
        )
    state: Any = {"us": {"type": "state_sales_tax", "state": "CA"}}
    away = api.v1.tax.registrations.create(
        {"country": "US", "active_from": "now", "country_options": state}
    )
    api.v1.tax.registrations.retrieve(away.id)
    api.v1.tax.registrations.update(away.id, {"expires_at": "now"})
    api.v1.tax.registrations.list({"status": "active"})


def check_out(api: StripeClient, price: str) -> None:
    """Asked for the place, told of the total, charged."""
    session = api.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://app.example/return",
            "line_items": [{"price": price, "quantity": 1}],
            "automatic_tax": AUTOMATIC,
            "allow_promotion_codes": True,
        }
    )
    entry = {**CARD, **BERLIN, "number": "4242 4242 4242 4242", "email": "ida@example.test"}
    answers = [http.post(str(session.url), data=entry).status_code for _ in range(2)]
    assert answers == [422, 303]
    whole = ["total_details.breakdown", "line_items", "subscription.latest_invoice"]
    done = api.v1.checkout.sessions.retrieve(session.id, {"expand": whole})
    assert done.amount_total == 1190


def be_a_business(api: StripeClient, price: str, advance: Advance) -> None:
    """Taxed in one country, then a business of another, then one whose place is not known."""
    mary = api.v1.customers.create(
        {
            "address": {"country": "FR"},
            "payment_method": "pm_card_visa",
            "invoice_settings": {"default_payment_method": "pm_card_visa"},
            "tax": {"validate_location": "immediately", "ip_address": "192.0.2.1"},
            "expand": ["tax"],
        }
    ).id
    begun = api.v1.subscriptions.create(
        {"customer": mary, "items": [{"price": price}], "automatic_tax": AUTOMATIC}
    )
    api.v1.customers.tax_ids.create(mary, {"type": "eu_vat", "value": "FRAB123456789"})
    preview = api.v1.invoices.create_preview({"subscription": begun.id})
    assert preview.total_taxes
    details = preview.total_taxes[0].tax_rate_details
    assert details
    api.v1.tax_rates.retrieve(str(details.tax_rate))
    moved: Any = {"address": {"country": "IT"}, "tax_exempt": "none"}
    api.v1.invoices.create_preview(
        {"subscription": begun.id, "customer_details": moved, "automatic_tax": AUTOMATIC}
    )
    api.v1.customers.update(mary, {"address": "", "tax": {"validate_location": "deferred"}})
    advance(32 * 24 * 3600)
    after = api.v1.subscriptions.retrieve(begun.id)
    assert after.automatic_tax.disabled_reason == "requires_location_inputs"
    api.v1.subscriptions.cancel(begun.id)


def be_nowhere(api: StripeClient) -> None:
    """An invoice that cannot be finalized by itself."""
    nobody = api.v1.customers.create({"email": "nobody@example.test"}).id
    api.v1.invoice_items.create({"customer": nobody, "amount": 500, "currency": "eur"})
    api.v1.invoices.create(
        {
            "customer": nobody,
            "auto_advance": True,
            "automatic_tax": AUTOMATIC,
            "pending_invoice_items_behavior": "include",
        }
    )
