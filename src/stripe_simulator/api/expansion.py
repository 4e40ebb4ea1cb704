"""`expand[]`: ids become objects, and members that are only there when asked for appear."""

from collections.abc import Callable, Mapping
from typing import Any

from stripe_simulator.api.resources.customer_taxes import tax_of
from stripe_simulator.billing.balance import today
from stripe_simulator.checkout.breakdown import breakdown
from stripe_simulator.errors import invalid
from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction, public

DEEPEST = 4


def expanded(tx: Transaction, obj: Json, paths: list[str]) -> Json:
    """A copy with everything asked for; what is stored is not touched."""
    shown = public(obj)
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise invalid(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}",
                param="expand",
            )
        expand(tx, shown, parts, path)
    return shown


def expand(tx: Transaction, node: Json, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    inside = WITHIN.get((str(node.get("object")), ".".join(parts[:2])))
    if inside:
        node[name] = node[name] | {rest[0]: inside(tx, node)}
        return
    if not can_expand(node, name):
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    if name in INCLUDABLE.get(str(node.get("object")), {}) and name not in node:
        node[name] = INCLUDABLE[node["object"]][name](tx, node)
    node[name] = opened(tx, node.get(name))
    for inner in node[name] if isinstance(node[name], list) else [node[name]]:
        if rest and isinstance(inner, dict):
            expand(tx, inner, rest, path)


def can_expand(node: Json, name: str) -> bool:
    kind = str(node.get("object"))
    if kind in ("list", "search_result"):
        return name == "data"
    if kind in EXPANDABLE:
        return name in EXPANDABLE[kind] or isinstance(node.get(name), dict)
    return name in node


def opened(tx: Transaction, value: Any) -> Any:
    """What an id stands for; objects are copied so that they can be filled in."""
    if isinstance(value, str):
        found = tx.get(value)
        if found and found["object"] == "balance_transaction":
            return today(found, tx.now)
        return public(found) if found else value
    if isinstance(value, dict):
        return public(value)
    if isinstance(value, list):
        return [opened(tx, entry) for entry in value]
    return value


def payments_of(tx: Transaction, invoice: Json) -> Json:
    found = [public(one) for one in tx.find("invoice_payment", invoice=invoice["id"])]
    return list_of(found, url="/v1/invoice_payments")


def confirmation_secret(tx: Transaction, invoice: Json) -> Json | None:
    for payment in tx.find("invoice_payment", invoice=invoice["id"]):
        intent = tx.need("payment_intent", payment["payment"]["payment_intent"])
        return {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return None


def line_items_of(tx: Transaction, session: Json) -> Json:
    stored = tx.need("checkout.session", session["id"])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return list_of([entry["item"] for entry in stored["_items"]], url=url)


def subscriptions_of(tx: Transaction, customer: Json) -> Json:
    live = [
        public(one)
        for one in tx.find("subscription", customer=customer["id"])
        if one["status"] not in ("canceled", "incomplete_expired")
    ]
    url = f"/v1/customers/{customer['id']}/subscriptions"
    return list_of(live[:10], url=url, has_more=len(live) > 10)


def refunds_of(tx: Transaction, charge: Json) -> Json:
    found = [public(one) for one in tx.find("refund", charge=charge["id"])]
    return list_of(found, url=f"/v1/charges/{charge['id']}/refunds")


def tax_ids_of(tx: Transaction, customer: Json) -> Json:
    found = [public(one) for one in tx.find("tax_id", customer=customer["id"])]
    return list_of(found, url=f"/v1/customers/{customer['id']}/tax_ids")


def nothing_of(name: str) -> Callable[[Transaction, Json], Json]:
    def found(tx: Transaction, owner: Json) -> Json:
        del tx
        return list_of([], url=f"/v1/{owner['object']}s/{owner['id']}/{name}")

    return found


def applies_to(tx: Transaction, coupon: Json) -> Json:
    return {"products": tx.need("coupon", coupon["id"])["_products"] or []}


def coupon_currencies(tx: Transaction, coupon: Json) -> Json:
    found: Json = tx.need("coupon", coupon["id"])["_currency_options"] or {}
    return found


def price_currencies(tx: Transaction, price: Json) -> Json:
    stored = tx.need("price", price["id"])
    own = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    found: Json = {stored["currency"]: {name: stored[name] for name in own}}
    return found | (stored.get("_currency_options") or {})


def price_tiers(tx: Transaction, price: Json) -> list[Json]:
    tiers: list[Json] = tx.need("price", price["id"]).get("_tiers") or []
    return tiers


INCLUDABLE: Mapping[str, Mapping[str, Callable[[Transaction, Json], Any]]] = {
    "checkout.session": {"line_items": line_items_of},
    "coupon": {"applies_to": applies_to, "currency_options": coupon_currencies},
    "charge": {"refunds": refunds_of},
    "customer": {
        "sources": nothing_of("sources"),
        "subscriptions": subscriptions_of,
        "tax": tax_of,
        "tax_ids": tax_ids_of,
    },
    "invoice": {"confirmation_secret": confirmation_secret, "payments": payments_of},
    "price": {"currency_options": price_currencies, "tiers": price_tiers},
}

WITHIN: Mapping[tuple[str, str], Callable[[Transaction, Json], Json]] = {
    ("checkout.session", "total_details.breakdown"): breakdown,
}
"""Members of a hash that has no name of its own."""

EXPANDABLE: Mapping[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "charge": "application balance_transaction customer failure_balance_transaction"
        " payment_intent refunds review transfer",
        "balance_transaction": "source",
        "billing_portal.configuration": "application",
        "billing_portal.session": "configuration",
        "credit_note": "customer customer_balance_transaction invoice",
        "dispute": "charge payment_intent",
        "refund": "balance_transaction charge customer failure_balance_transaction payment_intent"
        " payment_method source_transfer_reversal transfer_reversal",
        "checkout.session": "customer invoice line_items payment_intent payment_link setup_intent"
        " subscription",
        "coupon": "applies_to currency_options",
        "customer": "default_source sources subscriptions tax tax_ids test_clock",
        "discount": "customer promotion_code",
        "entitlements.active_entitlement": "feature",
        "invoice": "application confirmation_secret customer default_payment_method default_source"
        " discounts latest_revision payments test_clock",
        "invoice_payment": "invoice",
        "item": "price",
        "line_item": "discounts subscription",
        "payment_intent": "application customer latest_charge payment_method review",
        "payment_method": "customer",
        "plan": "product",
        "promotion_code": "customer",
        "price": "currency_options product tiers",
        "product": "default_price tax_code",
        "tax_id": "customer",
        "tax_rate": "",
        "tax.registration": "",
        "tax.settings": "",
        "billing.meter": "",
        "test_helpers.test_clock": "",
        "setup_attempt": "application customer on_behalf_of payment_method setup_intent",
        "setup_intent": "application customer latest_attempt mandate on_behalf_of payment_method"
        " single_use_mandate",
        "subscription": "application customer default_payment_method default_source discounts"
        " latest_invoice pending_setup_intent schedule test_clock",
        "subscription_item": "price",
        "subscription_schedule": "application customer subscription test_clock",
        "event": "",
        "account": "",
        "webhook_endpoint": "",
    }.items()
}
