"""What creating and changing a subscription takes."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources.checkout_fields import TRIAL_SETTINGS

LIVE = ["active", "incomplete", "past_due", "paused", "trialing", "unpaid"]
FEEDBACK = p.choice(
    "",
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)
DETAILS = p.hash_of({"comment": p.text, "feedback": FEEDBACK, "feedback_option": p.unsupported})
PAYMENT_SETTINGS = p.hash_of(
    {
        "save_default_payment_method": p.choice("off", "on_subscription"),
        **names(p.unsupported, "payment_method_options", "payment_method_types"),
    }
)
NOT_YET = names(
    p.unsupported,
    "add_invoice_items",
    "application_fee_percent",
    "automatic_tax",
    "billing_cycle_anchor",
    "billing_schedules",
    "billing_thresholds",
    "days_until_due",
    "default_source",
    "default_tax_rates",
    "discounts",
    "invoice_settings",
    "on_behalf_of",
    "pending_invoice_item_interval",
    "transfer_data",
    "trial_from_plan",
)
NEW = {
    **NOT_YET,
    **names(
        p.unsupported, "backdate_start_date", "billing_cycle_anchor_config", "customer_account"
    ),
    **names(p.filled, "currency", "customer", "default_payment_method"),
    "description": p.text,
    **names(p.boolean, "cancel_at_period_end", "off_session"),
    "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
    "cancel_at": p.moment,
    "collection_method": p.choice("charge_automatically"),
    "items": p.array(
        p.hash_of(
            {
                "price": p.text,
                "quantity": p.between(1, p.MOST_QUANTITY),
                "metadata": p.metadata,
                **names(
                    p.unsupported,
                    "billing_thresholds",
                    "current_trial",
                    "discounts",
                    "plan",
                    "price_data",
                    "tax_rates",
                ),
            },
            required=("price",),
        )
    ),
    "metadata": p.metadata,
    "payment_behavior": p.choice("allow_incomplete", "default_incomplete", "error_if_incomplete"),
    "payment_settings": PAYMENT_SETTINGS,
    "proration_behavior": p.choice("create_prorations", "none", "always_invoice"),
    "trial_end": p.text,
    "trial_period_days": p.between(0, p.LONGEST_TRIAL),
    "trial_settings": TRIAL_SETTINGS,
}
CHANGES = {
    **NOT_YET,
    **names(p.unsupported, "items", "pause_collection", "payment_behavior", "proration_date"),
    **names(p.text, "default_payment_method", "description"),
    **names(p.boolean, "cancel_at_period_end", "off_session"),
    "cancel_at": p.text,
    "cancellation_details": DETAILS,
    "collection_method": p.choice("charge_automatically"),
    "metadata": p.metadata,
    "payment_settings": PAYMENT_SETTINGS,
    "proration_behavior": p.choice("create_prorations", "none", "always_invoice"),
    "trial_end": p.unsupported,
    "trial_settings": TRIAL_SETTINGS,
}
