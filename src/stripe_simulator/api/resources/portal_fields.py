"""What portal configurations and sessions take."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources.price_fields import INTERVALS
from stripe_simulator.objects.billing_portal import REASONS

PRORATION = p.choice("none", "always_invoice", "create_prorations")
CONDITIONS = ("decreasing_item_amount", "shortening_interval")
DURATION = p.hash_of(
    {
        "interval_options": p.array(
            p.hash_of(
                {"interval": INTERVALS, "interval_count": p.between(1, 36)},
                required=("interval",),
            ),
            unset=True,
        ),
        "type": p.choice("indefinite", "interval_options"),
    }
)
RETENTION = p.hash_of(
    {
        "coupon_offer": p.hash_of({"coupon": p.filled}, required=("coupon",)),
        "type": p.choice("coupon_offer"),
    },
    required=("coupon_offer", "type"),
)
FEATURES = p.hash_of(
    {
        "customer_update": p.hash_of(
            {
                "allowed_updates": p.array(
                    p.choice("address", "email", "name", "phone", "shipping", "tax_id"), unset=True
                ),
                "enabled": p.boolean,
            }
        ),
        "invoice_history": p.hash_of({"enabled": p.boolean}, required=("enabled",)),
        "payment_method_update": p.hash_of(
            {"enabled": p.boolean, "payment_method_configuration": p.unsupported}
        ),
        "subscription_cancel": p.hash_of(
            {
                "cancellation_reason": p.hash_of(
                    {
                        "enabled": p.boolean,
                        "feedback_options": p.unsupported,
                        "options": p.array(p.choice(*REASONS), unset=True),
                    }
                ),
                "enabled": p.boolean,
                "mode": p.choice("at_period_end", "immediately"),
                "proration_behavior": PRORATION,
            }
        ),
        "subscription_pause": p.hash_of({"enabled": p.boolean, "duration": DURATION}),
        "subscription_update": p.hash_of(
            {
                "billing_cycle_anchor": p.choice("now", "unchanged"),
                "default_allowed_updates": p.array(
                    p.choice("price", "promotion_code", "quantity"), unset=True
                ),
                "enabled": p.boolean,
                "products": p.array(
                    p.hash_of(
                        {
                            "adjustable_quantity": p.hash_of(
                                {
                                    "enabled": p.boolean,
                                    "maximum": p.between(1, p.MOST_QUANTITY),
                                    "minimum": p.between(0, p.MOST_QUANTITY),
                                },
                                required=("enabled",),
                            ),
                            "prices": p.array(p.filled),
                            "product": p.filled,
                        },
                        required=("prices", "product"),
                    ),
                    unset=True,
                ),
                "proration_behavior": PRORATION,
                "schedule_at_period_end": p.hash_of(
                    {
                        "conditions": p.array(
                            p.hash_of({"type": p.choice(*CONDITIONS)}, required=("type",)),
                            unset=True,
                        )
                    }
                ),
                "trial_update_behavior": p.choice("continue_trial", "end_trial"),
            }
        ),
    }
)
NEW = {
    "business_profile": p.hash_of(
        names(p.text, "headline", "privacy_policy_url", "terms_of_service_url")
    ),
    "default_return_url": p.text,
    "features": FEATURES,
    "login_page": p.hash_of({"enabled": p.boolean}, required=("enabled",)),
    "metadata": p.metadata,
    "name": p.text,
}
CHANGES = {**NEW, "active": p.boolean}
SUBSCRIPTION = p.hash_of({"subscription": p.filled}, required=("subscription",))
SESSION = {
    "configuration": p.filled,
    "customer": p.filled,
    "locale": p.filled,
    "return_url": p.url,
    **names(p.unsupported, "after_expiration", "customer_account", "on_behalf_of"),
    "flow_data": p.hash_of(
        {
            "after_completion": p.hash_of(
                {
                    "hosted_confirmation": p.hash_of({"custom_message": p.text}),
                    "redirect": p.hash_of({"return_url": p.url}, required=("return_url",)),
                    "type": p.choice("hosted_confirmation", "portal_homepage", "redirect"),
                },
                required=("type",),
            ),
            "subscription_cancel": p.hash_of(
                {"subscription": p.filled, "retention": RETENTION}, required=("subscription",)
            ),
            "subscription_pause": SUBSCRIPTION,
            "subscription_update": SUBSCRIPTION,
            "subscription_update_confirm": p.hash_of(
                {
                    "discounts": p.array(p.hash_of(names(p.filled, "coupon", "promotion_code"))),
                    "items": p.array(
                        p.hash_of(
                            {
                                "id": p.filled,
                                "price": p.filled,
                                "quantity": p.between(0, p.MOST_QUANTITY),
                            },
                            required=("id",),
                        )
                    ),
                    "subscription": p.filled,
                },
                required=("items", "subscription"),
            ),
            "type": p.choice(
                "customer_update",
                "payment_method_update",
                "subscription_cancel",
                "subscription_pause",
                "subscription_update",
                "subscription_update_confirm",
            ),
        },
        required=("type",),
    ),
}
