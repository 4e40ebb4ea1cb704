"""What creating a Checkout Session takes, and what the simulator refuses of it."""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources import checkout_collecting, prices
from stripe_simulator.api.resources.tax_fields import AUTOMATIC_TAX, RATES
from stripe_simulator.errors import invalid

NO_LONGER = "payment_method_types_no_longer_supported"
TRIAL_SETTINGS = p.hash_of(
    {
        "end_behavior": p.hash_of(
            {
                "missing_payment_method": p.choice("cancel", "create_invoice", "pause"),
                "billing_cycle_anchor": p.choice("now", "unchanged"),
            },
        )
    },
    required=("end_behavior",),
)


def payment_method_types(value: object, path: str) -> None:
    del value
    raise invalid(
        "The payment_method_types parameter is no longer supported. Use dynamic payment methods.",
        param=path,
        code=NO_LONGER,
    )


NEW = {
    **checkout_collecting.NEW,
    **names(
        p.filled,
        "client_reference_id",
        "currency",
        "customer",
        "integration_identifier",
        "locale",
    ),
    **names(p.url, "cancel_url", "success_url"),
    "customer_email": p.email,
    **names(
        p.unsupported,
        "adaptive_pricing",
        "branding_settings",
        "customer_account",
        "invoice_creation",
        "managed_payments",
        "optional_items",
        "origin_context",
        "payment_method_configuration",
        "payment_method_data",
        "payment_method_options",
        "permissions",
        "redirect_on_completion",
        "return_url",
        "saved_payment_method_options",
        "shipping_options",
        "wallet_options",
    ),
    "allow_promotion_codes": p.boolean,
    "automatic_tax": AUTOMATIC_TAX,
    "allowed_payment_method_types": p.array(p.filled),
    "billing_address_collection": p.choice("auto", "required"),
    "customer_creation": p.choice("always", "if_required"),
    "discounts": p.array(p.hash_of(names(p.filled, "coupon", "promotion_code"))),
    "excluded_payment_method_types": p.array(p.filled),
    "expires_at": p.moment,
    "line_items": p.array(
        p.hash_of(
            {
                "price": p.text,
                "quantity": p.between(1, p.MOST_QUANTITY),
                "metadata": p.metadata,
                "price_data": p.hash_of(
                    {
                        **names(p.text, "currency", "product"),
                        "product_data": p.hash_of(
                            {
                                **names(p.text, "description", "name", "tax_code", "unit_label"),
                                "images": p.array(p.filled),
                                "metadata": p.metadata,
                                "tax_details": p.unsupported,
                            },
                            required=("name",),
                        ),
                        "recurring": prices.RECURRING,
                        "tax_behavior": prices.TAX_BEHAVIOR,
                        "unit_amount": p.between(0, p.MOST_AMOUNT),
                        "unit_amount_decimal": p.decimal,
                    },
                    required=("currency",),
                ),
                "adjustable_quantity": checkout_collecting.ADJUSTABLE,
                "dynamic_tax_rates": p.unsupported,
                "tax_rates": RATES,
            }
        )
    ),
    "metadata": p.metadata,
    "mode": p.choice("payment", "setup", "subscription"),
    "payment_intent_data": p.hash_of(
        {
            "description": p.text,
            "metadata": p.metadata,
            "setup_future_usage": p.choice("off_session", "on_session"),
            "shipping": p.SHIPPING,
        }
    ),
    "payment_method_collection": p.choice("always", "if_required"),
    "payment_method_types": payment_method_types,
    "setup_intent_data": p.hash_of({"description": p.text, "metadata": p.metadata}),
    "submit_type": p.choice("auto", "book", "donate", "pay", "subscribe"),
    "subscription_data": p.hash_of(
        {
            "billing_mode": p.hash_of({"type": p.choice("flexible")}, required=("type",)),
            "default_tax_rates": RATES,
            "description": p.text,
            "metadata": p.metadata,
            "trial_end": p.moment,
            "trial_period_days": p.between(1, p.LONGEST_TRIAL),
            "trial_settings": TRIAL_SETTINGS,
        }
    ),
    "ui_mode": p.choice("hosted_page"),
}
