"""Objects as basil brought them, in `2025-03-31.basil`: today's, without what came later.

Periods on the items, `invoice.parent`, `invoice.payments`, `line.pricing` are there; coupons still
stood in discounts and promotion codes as a whole (until 2025-09-30.clover), and the members of
clover, dahlia and endive are not there yet (docs.stripe.com/changelog).
"""

from collections.abc import Callable, Mapping

from stripe_simulator.shapes import Json

VERSION = "2025-03-31.basil"
Find = Callable[[str], Json | None]
"""Looks up another object by id: the older shapes name things that today's do not."""
Shaping = Callable[[Json, Json, Find], Json]
"""Of an object whose inside is shaped already, and the object as it is today."""


def leaving_out(*names: str) -> Shaping:
    def shaped(shape: Json, today: Json, find: Find) -> Json:
        del today, find
        return without(shape, *names)

    return shaped


def subscription(shape: Json, today: Json, find: Find) -> Json:
    del find
    end_behavior = today["trial_settings"]["end_behavior"]
    shape["trial_settings"] = {
        "end_behavior": {"missing_payment_method": end_behavior["missing_payment_method"]}
    }
    shape["cancellation_details"] = without(today["cancellation_details"], "feedback_option")
    return without(
        shape,
        "billing_mode",
        "billing_schedules",
        "customer_account",
        "managed_payments",
        "status_details",
    )


def older_discount(shape: Json, today: Json, find: Find) -> Json:
    """The whole coupon was inside (until 2025-09-30.clover)."""
    shape["coupon"] = whole_coupon(today["source"]["coupon"], find)
    return without(shape, "source", "customer_account")


def older_promotion_code(shape: Json, today: Json, find: Find) -> Json:
    shape["coupon"] = whole_coupon(today["promotion"]["coupon"], find)
    return without(shape, "promotion", "customer_account")


def whole_coupon(value: object, find: Find) -> object:
    found = find(value) if isinstance(value, str) else None
    return {k: v for k, v in found.items() if k[0] != "_"} if found else value


def older_session_of_basil(shape: Json, today: Json, find: Find) -> Json:
    del today, find
    shape["ui_mode"] = "hosted"
    if shape["customer_details"]:
        names = ("business_name", "individual_name")
        shape["customer_details"] = without(shape["customer_details"], *names)
    return without(
        shape, "allowed_payment_method_types", "customer_account", "integration_identifier"
    )


def older_attributes(previous: Json, kind: str) -> Json:
    """Old values of members that were there."""
    del kind
    return without(previous, "status_details", "billing_mode", "billing_schedules")


def without(shape: Json, *names: str) -> Json:
    return {name: value for name, value in shape.items() if name not in names}


SHAPES: Mapping[str, Shaping] = {
    "checkout.session": older_session_of_basil,
    "credit_note": leaving_out("customer_account"),
    "customer": leaving_out("customer_account", "business_name", "individual_name"),
    "discount": older_discount,
    "invoice": leaving_out("customer_account", "status_details"),
    "invoiceitem": leaving_out(
        "customer_account",
        "frozen_fields",
        "invoicing_rules",
        "net_amount",
        "proration_details",
        "quantity_decimal",
    ),
    "line_item": leaving_out("quantity_decimal", "subtotal"),
    "payment_intent": leaving_out(
        "allowed_payment_method_types", "customer_account", "excluded_payment_method_types"
    ),
    "payment_method": leaving_out("customer_account"),
    "promotion_code": older_promotion_code,
    "setup_intent": leaving_out(
        "allowed_payment_method_types", "customer_account", "excluded_payment_method_types"
    ),
    "subscription": subscription,
    "subscription_item": leaving_out("billed_until", "current_trial"),
    "tax_id": leaving_out("customer_account"),
}
