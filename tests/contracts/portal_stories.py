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
    "subscription_pause": {
        "enabled": True,
        "duration": {
            "type": "interval_options",
            "interval_options": [{"interval": "month", "interval_count": 2}],
        },
    },
}


def visit(api: StripeClient, goods: Catalogue) -> None:
    """Configurations, and a session for each flow."""
    products = [{"product": goods.product, "prices": [goods.pro, goods.trial]}]
    update: Any = {
        "enabled": True,
        "default_allowed_updates": ["price", "quantity"],
        "products": products,
        "proration_behavior": "always_invoice",
        "schedule_at_period_end": {"conditions": [{"type": "decreasing_item_amount"}]},
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
    less = api.v1.coupons.create({"percent_off": 10, "duration": "once"}).id
    confirm = {
        **on,
        "items": [{"id": item, "price": goods.trial, "quantity": 1}],
        "discounts": [{"coupon": less}],
    }
    stay = {"retention": {"type": "coupon_offer", "coupon_offer": {"coupon": less}}}
    flows: list[Any] = [
        {"type": "customer_update"},
        {"type": "payment_method_update"},
        {"type": "subscription_cancel", "subscription_cancel": on | stay},
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
