"""Which fields of an object its lists can be filtered by."""

from collections.abc import Callable, Iterable, Mapping

from stripe_simulator.shapes import Json

Values = Iterable[tuple[str, str]]
References = frozenset[tuple[str, str]]
NO_CLOCK = "none"
"""Stands for customers who live in the simulator's own time."""


def references_of(obj: Json) -> References:
    """Pairs of field and value; what is null is left out."""
    values = REFERENCES.get(obj["object"])
    return frozenset(values(obj)) if values else frozenset()


def plain(*fields: str) -> Callable[[Json], Values]:
    def values(obj: Json) -> Values:
        return [(field, as_text(obj[field])) for field in fields if obj.get(field) is not None]

    return values


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def price_values(price: Json) -> Values:
    yield from plain("product", "active", "lookup_key", "type", "currency")(price)
    if price["recurring"]:
        yield "interval", price["recurring"]["interval"]
        yield "usage_type", price["recurring"]["usage_type"]
        if price["recurring"]["meter"]:
            yield "meter", price["recurring"]["meter"]


def customer_values(customer: Json) -> Values:
    yield from plain("email")(customer)
    yield "test_clock", customer.get("test_clock") or NO_CLOCK


def subscription_values(subscription: Json) -> Values:
    yield from plain("customer", "status", "collection_method")(subscription)
    for item in subscription["items"]["data"]:
        yield "price", item["price"]["id"]
        yield "item", item["id"]


def invoice_values(invoice: Json) -> Values:
    yield from plain("customer", "status", "collection_method")(invoice)
    if invoice["parent"]:
        yield "subscription", invoice["parent"]["subscription_details"]["subscription"]


def invoice_item_values(item: Json) -> Values:
    yield from plain("customer", "invoice")(item)
    yield "pending", as_text(item["invoice"] is None)


def promotion_code_values(code: Json) -> Values:
    yield from plain("active", "customer")(code)
    yield "code", code["code"].lower()
    yield "coupon", code["promotion"]["coupon"]


def session_values(session: Json) -> Values:
    yield from plain("customer", "status", "payment_intent", "subscription")(session)
    details = session["customer_details"]
    if details and details["email"]:
        yield "email", details["email"]


def invoice_payment_values(payment: Json) -> Values:
    yield from plain("invoice", "status")(payment)
    yield "payment_intent", payment["payment"]["payment_intent"]


def product_feature_values(link: Json) -> Values:
    yield "product", link["_product"]
    yield "feature", link["entitlement_feature"]["id"]


def active_entitlement_values(entitlement: Json) -> Values:
    yield "customer", entitlement["_customer"]
    yield "feature", entitlement["feature"]


REFERENCES: Mapping[str, Callable[[Json], Values]] = {
    "balance_transaction": plain("type", "currency", "source"),
    "billing.meter": plain("event_name", "status"),
    "billing_portal.configuration": plain("active", "is_default"),
    "billing_portal.session": plain("_secret", "customer"),
    "charge": plain("customer", "payment_intent"),
    "checkout.session": session_values,
    "credit_note": plain("customer", "invoice"),
    "customer": customer_values,
    "dispute": plain("charge", "payment_intent"),
    "entitlements.active_entitlement": active_entitlement_values,
    "entitlements.feature": plain("lookup_key", "active"),
    "customer_balance_transaction": plain("customer", "invoice"),
    "event": plain("type"),
    "invoice": invoice_values,
    "invoice_payment": invoice_payment_values,
    "invoiceitem": invoice_item_values,
    "payment_intent": plain("customer"),
    "payment_method": plain("customer", "type", "allow_redisplay"),
    "price": price_values,
    "product": plain("active", "type", "url", "shippable"),
    "product_feature": product_feature_values,
    "promotion_code": promotion_code_values,
    "refund": plain("charge", "payment_intent"),
    "setup_attempt": plain("setup_intent"),
    "setup_intent": plain("customer", "payment_method"),
    "subscription": subscription_values,
    "tax.registration": plain("country"),
    "tax_id": plain("customer"),
    "tax_rate": plain("active", "inclusive"),
    "subscription_schedule": plain("customer"),
    "webhook_endpoint": plain("status"),
}
