"""What subscription schedules take."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources import discounts
from stripe_simulator.api.resources.invoice_item_fields import PRICE_DATA as ONE_TIME
from stripe_simulator.api.resources.price_fields import INTERVALS
from stripe_simulator.api.resources.subscription_fields import (
    COLLECTION,
    MOST_DAYS,
    PRICE_DATA,
    PRORATION,
)
from stripe_simulator.api.resources.tax_fields import AUTOMATIC_TAX, RATES

DURATION = p.hash_of(
    {"interval": INTERVALS, "interval_count": p.between(1, 1095)}, required=("interval",)
)
INVOICE_SETTINGS = p.hash_of(
    {
        "days_until_due": p.between(0, MOST_DAYS),
        **names(
            p.unsupported, "account_tax_ids", "custom_fields", "description", "footer", "issuer"
        ),
    }
)
SETTINGS = {
    "automatic_tax": AUTOMATIC_TAX,
    "billing_cycle_anchor": p.choice("automatic", "phase_start"),
    "collection_method": COLLECTION,
    "default_payment_method": p.filled,
    "description": p.text,
    "invoice_settings": INVOICE_SETTINGS,
    **names(
        p.unsupported,
        "application_fee_percent",
        "billing_thresholds",
        "on_behalf_of",
        "transfer_data",
    ),
}
"""What is said of a phase, or as the default of all."""
EXTRA = p.hash_of(
    {
        "discountable": p.boolean,
        "metadata": p.metadata,
        "price": p.filled,
        "price_data": ONE_TIME,
        "quantity": p.between(1, p.MOST_QUANTITY),
        "tax_rates": RATES,
        **names(p.unsupported, "discounts", "period"),
    }
)
ITEM = p.hash_of(
    {
        "discounts": discounts.GIVEN,
        "metadata": p.metadata,
        "price": p.filled,
        "price_data": PRICE_DATA,
        "quantity": p.between(0, p.MOST_QUANTITY),
        "tax_rates": RATES,
        **names(p.unsupported, "billing_thresholds", "plan"),
    }
)
PHASE = p.hash_of(
    {
        **SETTINGS,
        "add_invoice_items": p.array(EXTRA),
        "currency": p.filled,
        "default_tax_rates": RATES,
        "discounts": discounts.GIVEN,
        "duration": DURATION,
        "end_date": p.now_or_moment,
        "items": p.array(ITEM),
        "metadata": p.metadata,
        "proration_behavior": PRORATION,
        "start_date": p.now_or_moment,
        "trial": p.boolean,
        "trial_end": p.now_or_moment,
    },
    required=("items",),
)
COMMON = {
    "default_settings": p.hash_of(SETTINGS),
    "end_behavior": p.choice("cancel", "release"),
    "metadata": p.metadata,
    "pause_schedules": p.unsupported,
    "phases": p.array(PHASE),
}
NEW = {
    **COMMON,
    **names(p.filled, "customer", "from_subscription"),
    "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
    "customer_account": p.unsupported,
    "start_date": p.now_or_moment,
}
CHANGES = {**COMMON, "proration_behavior": PRORATION}
