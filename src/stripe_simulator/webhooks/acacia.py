"""Objects as before basil, in `2025-02-24.acacia`.

Periods on the subscription, `invoice.subscription`, `invoice.charge`, `line.price`
(docs.stripe.com/changelog/basil).
"""

from collections.abc import Mapping

from stripe_simulator.objects.catalog import plan
from stripe_simulator.shapes import Json
from stripe_simulator.webhooks import basil
from stripe_simulator.webhooks.basil import (
    Find,
    Shaping,
    older_discount,
    older_promotion_code,
    older_session_of_basil,
    without,
)

VERSION = "2025-02-24.acacia"


def older_subscription(shape: Json, today: Json, find: Find) -> Json:
    items = today["items"]["data"]
    shape |= smallest_period(items)
    shape["discount"] = first_discount(today["discounts"], find)
    shape["plan"] = plan(items[0]["price"]) if len(items) == 1 else None
    shape["quantity"] = items[0].get("quantity") if len(items) == 1 else None
    return basil.subscription(shape, today, find)


def smallest_period(items: list[Json]) -> Json:
    """docs.stripe.com/changelog/basil/2025-07-30/support-mixed-intervals."""
    first = min(items, key=lambda item: item["current_period_end"])
    return {name: first[name] for name in ("current_period_start", "current_period_end")}


def older_item(shape: Json, today: Json, find: Find) -> Json:
    del today, find
    shape["discounts"] = []
    return without(
        shape, "current_period_start", "current_period_end", "current_trial", "billed_until"
    )


def older_invoice(shape: Json, today: Json, find: Find) -> Json:
    parent = (today["parent"] or {}).get("subscription_details")
    payment = settled_intent(today, find)
    shape["subscription"] = parent["subscription"] if parent else None
    shape["subscription_details"] = {"metadata": parent["metadata"] if parent else None}
    shape["paid"] = today["status"] == "paid"
    shape["paid_out_of_band"] = shape["paid"] and today["amount_due"] > 0 and payment is None
    shape["payment_intent"] = payment["id"] if payment else None
    shape["charge"] = payment["latest_charge"] if payment else None
    shape["discount"] = first_discount(today["discounts"], find)
    shape["quote"] = None
    shape["tax"] = sum(tax["amount"] for tax in today["total_taxes"]) or None
    shape["total_tax_amounts"] = [older_tax(tax) for tax in today["total_taxes"]]
    shape["transfer_data"] = None
    shape["application_fee_amount"] = None
    shape["subscription_proration_date"] = None
    return without(
        shape,
        "parent",
        "payments",
        "amount_overpaid",
        "total_taxes",
        "customer_account",
        "confirmation_secret",
        "status_details",
    )


def settled_intent(invoice: Json, find: Find) -> Json | None:
    payment = find(f"payment-of:{invoice['id']}")
    return find(payment["payment"]["payment_intent"]) if payment else None


def older_line(shape: Json, today: Json, find: Find) -> Json:
    details = (today["parent"] or {}).get("subscription_item_details")
    loose = (today["parent"] or {}).get("invoice_item_details")
    named = (today["pricing"] or {}).get("price_details")
    price = find(named["price"]) if named else None
    recurring = price and price["recurring"]
    shape["price"] = price
    shape["plan"] = plan(price) if price and recurring else None
    shape["proration"] = bool((details or loose or {}).get("proration"))
    shape["invoice_item"] = (details or loose or {}).get("invoice_item")
    shape["proration_details"] = {"credited_items": None}
    shape["subscription"] = details["subscription"] if details else None
    shape["subscription_item"] = details["subscription_item"] if details else None
    waited = shape["invoice_item"] is not None or details is None
    shape["type"] = "invoiceitem" if waited else "subscription"
    shape["amount_excluding_tax"] = today["amount"]
    shape["unit_amount_excluding_tax"] = (today["pricing"] or {}).get("unit_amount_decimal")
    shape["tax_amounts"] = [older_tax(tax) for tax in today["taxes"]]
    shape["tax_rates"] = []
    return without(shape, "parent", "pricing", "taxes", "subtotal", "quantity_decimal")


def older_tax(tax: Json) -> Json:
    return {
        "amount": tax["amount"],
        "inclusive": tax["tax_behavior"] == "inclusive",
        "tax_rate": tax["tax_rate_details"]["tax_rate"],
        "taxability_reason": tax["taxability_reason"],
        "taxable_amount": tax["taxable_amount"],
    }


def first_discount(discounts: list[object], find: Find) -> Json | None:
    """The older shapes showed one discount, in full."""
    found = find(discounts[0]) if discounts and isinstance(discounts[0], str) else None
    if found is None:
        return None
    shown = {k: v for k, v in found.items() if k[0] != "_"}
    return older_discount(dict(shown), shown, find)


def older_invoice_item(shape: Json, today: Json, find: Find) -> Json:
    named = today["pricing"].get("price_details")
    owner = (today["parent"] or {}).get("subscription_details", {})
    shape["price"] = find(named["price"]) if named else None
    shape["plan"] = None
    shape["subscription"] = owner.get("subscription")
    shape["subscription_item"] = owner.get("subscription_item")
    shape["unit_amount_decimal"] = today["pricing"]["unit_amount_decimal"]
    return without(
        shape,
        "customer_account",
        "frozen_fields",
        "invoicing_rules",
        "net_amount",
        "parent",
        "pricing",
        "proration_details",
        "quantity_decimal",
    )


def older_intent(shape: Json, today: Json, find: Find) -> Json:
    payment = find(f"invoice-of:{today['id']}")
    shape["invoice"] = payment["invoice"] if payment else None
    return without(
        shape, "allowed_payment_method_types", "customer_account", "excluded_payment_method_types"
    )


def older_charge(shape: Json, today: Json, find: Find) -> Json:
    payment = find(f"invoice-of:{today['payment_intent']}")
    shape["invoice"] = payment["invoice"] if payment else None
    return shape


def older_session(shape: Json, today: Json, find: Find) -> Json:
    """The delivery stood in the session itself."""
    shape["shipping_details"] = (today["collected_information"] or {}).get("shipping_details")
    return older_session_of_basil(shape, today, find)


def older_attributes(previous: Json, kind: str) -> Json:
    """Old values of members that the older shape has; periods move up from the items."""
    shape = dict(previous)
    items = shape.get("items", {}).get("data") if kind == "subscription" else None
    if items:
        shape |= smallest_period(items)
    if kind == "invoice" and "status" in shape:
        shape["paid"] = shape["status"] == "paid"
    return without(shape, "status_details", "amount_overpaid", "parent")


SHAPES: Mapping[str, Shaping] = {
    "subscription": older_subscription,
    "subscription_item": older_item,
    "discount": older_discount,
    "invoice": older_invoice,
    "invoiceitem": older_invoice_item,
    "line_item": older_line,
    "payment_intent": older_intent,
    "promotion_code": older_promotion_code,
    "charge": older_charge,
    "checkout.session": older_session,
}
