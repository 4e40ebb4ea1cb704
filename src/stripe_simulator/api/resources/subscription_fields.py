"""What creating and changing a subscription takes."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources import discounts, price_fields
from stripe_simulator.api.resources.checkout_fields import TRIAL_SETTINGS
from stripe_simulator.api.resources.invoice_item_fields import LINE
from stripe_simulator.api.resources.tax_fields import AUTOMATIC_TAX, RATES

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
COLLECTION = p.choice("charge_automatically", "send_invoice")
MOST_DAYS = 3650
PAYMENT_BEHAVIORS = (
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
)
PRORATION = p.choice("create_prorations", "none", "always_invoice")
PRICE_DATA = p.hash_of(
    {
        **names(p.filled, "currency", "product"),
        "recurring": price_fields.RECURRING,
        "tax_behavior": price_fields.TAX_BEHAVIOR,
        "unit_amount": price_fields.AMOUNT,
        "unit_amount_decimal": p.decimal,
    },
    required=("currency", "product", "recurring"),
)
ITEM_CHANGE = {
    "price": p.filled,
    "price_data": PRICE_DATA,
    "quantity": p.between(0, p.MOST_QUANTITY),
    "metadata": p.metadata,
    "discounts": discounts.GIVEN,
    "tax_rates": RATES,
    **names(p.unsupported, "billing_thresholds", "current_trial", "plan"),
}
ITEM = {
    **ITEM_CHANGE,
    "id": p.filled,
    "deleted": p.boolean,
    "clear_usage": p.boolean,
}
PAUSE_COLLECTION = p.hash_of(
    {
        "behavior": p.choice("keep_as_draft", "mark_uncollectible", "void"),
        "resumes_at": p.moment,
    },
    required=("behavior",),
    unset=True,
)
EXTRA = p.hash_of(
    {
        **{name: LINE[name] for name in ("discountable", "discounts", "metadata", "price_data")},
        "period": p.unsupported,
        "price": p.filled,
        "quantity": p.between(1, p.MOST_QUANTITY),
        "tax_rates": RATES,
    }
)
ANCHOR_CONFIG = p.hash_of(
    {
        "day_of_month": p.between(1, 31),
        "hour": p.between(0, 23),
        "minute": p.between(0, 59),
        "month": p.between(1, 12),
        "second": p.between(0, 59),
    },
    required=("day_of_month",),
)
BOTH = {
    "add_invoice_items": p.array(EXTRA),
    "automatic_tax": AUTOMATIC_TAX,
    "default_tax_rates": RATES,
}
NOT_YET = names(
    p.unsupported,
    "application_fee_percent",
    "billing_schedules",
    "billing_thresholds",
    "default_source",
    "invoice_settings",
    "on_behalf_of",
    "pending_invoice_item_interval",
    "transfer_data",
    "trial_from_plan",
)
NEW = {
    **NOT_YET,
    **BOTH,
    **names(p.unsupported, "backdate_start_date", "customer_account"),
    "billing_cycle_anchor": p.moment,
    "billing_cycle_anchor_config": ANCHOR_CONFIG,
    **names(p.filled, "currency", "customer", "default_payment_method"),
    "description": p.text,
    **names(p.boolean, "cancel_at_period_end", "off_session"),
    "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
    "cancel_at": p.filled,
    "collection_method": COLLECTION,
    "days_until_due": p.between(0, MOST_DAYS),
    "discounts": discounts.GIVEN,
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
                    "plan",
                ),
                "tax_rates": RATES,
                "discounts": discounts.GIVEN,
                "price_data": PRICE_DATA,
            },
        )
    ),
    "metadata": p.metadata,
    "payment_behavior": p.choice(*PAYMENT_BEHAVIORS[:3]),
    "payment_settings": PAYMENT_SETTINGS,
    "proration_behavior": PRORATION,
    "trial_end": p.text,
    "trial_period_days": p.between(0, p.LONGEST_TRIAL),
    "trial_settings": TRIAL_SETTINGS,
}
CHANGES = {
    **NOT_YET,
    **BOTH,
    "billing_cycle_anchor": p.hash_of({"type": p.choice("now", "unchanged")}, required=("type",)),
    "items": p.array(p.hash_of(ITEM)),
    "pause_collection": PAUSE_COLLECTION,
    "payment_behavior": p.choice(*PAYMENT_BEHAVIORS),
    "proration_date": p.moment,
    **names(p.text, "default_payment_method", "description"),
    **names(p.boolean, "cancel_at_period_end", "off_session"),
    "cancel_at": p.text,
    "cancellation_details": DETAILS,
    "collection_method": COLLECTION,
    "days_until_due": p.between(0, MOST_DAYS),
    "discounts": discounts.GIVEN,
    "metadata": p.metadata,
    "payment_settings": PAYMENT_SETTINGS,
    "proration_behavior": PRORATION,
    "trial_end": p.text,
    "trial_settings": TRIAL_SETTINGS,
}
