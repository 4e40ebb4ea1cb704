"""The customer's portal, told with the official SDK."""

from typing import Any

from stripe import StripeClient

from tests.contracts.stories import Catalogue

FEATURES: Any = {
    "customer_update": {"enabled": True, "allowed_updates": ["name", "address"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "at_period_end",
        "cancellation_reason": {"enabled": True, "options": ["unused", "other"]},
    },
    "subscription_pause": {"enabled": True},
}


def visit(api: StripeClient, goods: Catalogue) -> None:
    """Configurations, and a session for each flow."""
    products = [{"product": goods.product, "prices": [goods.pro, goods.trial]}]
    update: Any = {
        "enabled": True,
        "default_allowed_updates": ["price", "quantity"],
        "products": products,
        "proration_behavior": "always_invoice",
    }
    made = api.v1.billing_portal.configurations.create(
        {
            "features": FEATURES | {"subscription_update": update},
            "business_profile": {"headline": "Your plan"},
        }
    )
    api.v1.billing_portal.configurations.update(made.id, {"metadata": {"of": "us"}})
    api.v1.billing_portal.configurations.retrieve(made.id)
    customer = api.v1.customers.create({"email": "barbara@example.test"}).id
    card = api.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    subscription = api.v1.subscriptions.create(
        {"customer": customer, "items": [{"price": goods.pro}], "default_payment_method": card}
    )
    item = api.v1.subscription_items.list({"subscription": subscription.id}).data[0].id
    on = {"subscription": subscription.id}
    confirm = {**on, "items": [{"id": item, "price": goods.trial, "quantity": 1}]}
    flows: list[Any] = [
        {"type": "customer_update"},
        {"type": "payment_method_update"},
        {"type": "subscription_cancel", "subscription_cancel": on},
        {"type": "subscription_pause", "subscription_pause": on},
        {"type": "subscription_update", "subscription_update": on},
        {"type": "subscription_update_confirm", "subscription_update_confirm": confirm},
    ]
    for flow in flows:
        api.v1.billing_portal.sessions.create(
            {
                "customer": customer,
                "configuration": made.id,
                "return_url": "https://app.example/account",
                "flow_data": flow,
                "expand": ["configuration"],
            }
        )
    api.v1.billing_portal.sessions.create({"customer": customer})
    api.v1.billing_portal.configurations.list({"is_default": True})
    api.v1.subscriptions.cancel(subscription.id)
