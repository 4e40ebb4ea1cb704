"""What payment and setup intents take, and what the simulator refuses of it."""

from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import names
from stripe_simulator.api.resources.checkout_fields import payment_method_types


def presence(value: Any, path: str) -> bool:
    """`off_session`: true, false, or why the holder is away."""
    return True if value in ("one_off", "recurring") else p.boolean(value, path)


AUTOMATIC = p.hash_of(
    {"enabled": p.boolean, "allow_redirects": p.choice("always", "never")}, required=("enabled",)
)
METHOD_TYPES = {
    **names(p.array(p.filled), "allowed_payment_method_types", "excluded_payment_method_types"),
    "payment_method_types": payment_method_types,
}
INTENT = {
    **names(p.text, "customer", "description", "payment_method"),
    **names(p.text, "statement_descriptor", "statement_descriptor_suffix"),
    **names(
        p.unsupported,
        "amount_details",
        "application_fee_amount",
        "customer_account",
        "hooks",
        "payment_details",
        "payment_method_configuration",
        "payment_method_data",
        "payment_method_options",
        "transfer_data",
        "transfer_group",
    ),
    **METHOD_TYPES,
    "amount": p.between(1, p.MOST_AMOUNT),
    "capture_method": p.choice("automatic", "automatic_async", "manual"),
    "currency": p.filled,
    "metadata": p.metadata,
    "receipt_email": p.email,
    "setup_future_usage": p.choice("", "off_session", "on_session"),
    "shipping": p.SHIPPING,
}
CONFIRM = {
    **names(
        p.unsupported,
        "amount_details",
        "amount_to_confirm",
        "confirmation_token",
        "hooks",
        "mandate",
        "mandate_data",
        "payment_details",
        "payment_method_data",
        "payment_method_options",
        "radar_options",
        "use_stripe_sdk",
    ),
    **METHOD_TYPES,
    "capture_method": p.choice("automatic", "automatic_async", "manual"),
    "error_on_requires_action": p.boolean,
    "off_session": presence,
    "payment_method": p.text,
    "receipt_email": p.email,
    "return_url": p.url,
    "setup_future_usage": p.choice("", "off_session", "on_session"),
    "shipping": p.SHIPPING,
}
NEW_INTENT = {
    **CONFIRM,
    **INTENT,
    **names(p.unsupported, "on_behalf_of"),
    "automatic_payment_methods": AUTOMATIC,
    "confirm": p.boolean,
    "confirmation_method": p.choice("automatic"),
}
NEW_INTENT.pop("amount_to_confirm")
SETUP = {
    **names(p.text, "customer", "description", "payment_method"),
    **names(
        p.unsupported,
        "customer_account",
        "attach_to_self",
        "flow_directions",
        "payment_method_configuration",
        "payment_method_data",
        "payment_method_options",
    ),
    **METHOD_TYPES,
    "metadata": p.metadata,
}
NEW_SETUP = {
    **SETUP,
    **names(
        p.unsupported,
        "confirmation_token",
        "mandate_data",
        "on_behalf_of",
        "single_use",
        "use_stripe_sdk",
    ),
    "automatic_payment_methods": AUTOMATIC,
    "confirm": p.boolean,
    "return_url": p.url,
    "usage": p.choice("off_session", "on_session"),
}
CONFIRM_SETUP = {
    **names(
        p.unsupported,
        "confirmation_token",
        "mandate_data",
        "payment_method_data",
        "payment_method_options",
        "use_stripe_sdk",
    ),
    **names(p.array(p.filled), "allowed_payment_method_types"),
    "payment_method": p.text,
    "return_url": p.url,
}
