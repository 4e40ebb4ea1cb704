"""Which features a customer's live subscriptions bring."""

from stripe_simulator.objects.entitlements import active_entitlement, active_entitlement_summary
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

ENTITLES = ["active", "trialing", "past_due"]


def refresh(tx: Transaction, customer: str) -> None:
    """Makes the active entitlements what they should be, and tells when that changed them."""
    if not tx.has_any("product_feature"):
        return
    wanted = {
        link["entitlement_feature"]["id"]: link["entitlement_feature"]
        for product in subscribed_products(tx, customer)
        for link in tx.find("product_feature", product=product)
    }
    current = tx.find("entitlements.active_entitlement", customer=customer)
    held = {entitlement["feature"] for entitlement in current}
    if held == wanted.keys():
        return
    before = summary(customer, current)
    for entitlement in current:
        if entitlement["feature"] not in wanted:
            tx.remove(entitlement)
    for id_, feature in wanted.items():
        if id_ not in held:
            new = active_entitlement(
                tx.new_id("entitlements.active_entitlement"), feature=feature, customer=customer
            )
            tx.add(new)
    after = tx.find("entitlements.active_entitlement", customer=customer)
    tx.emit(
        "entitlements.active_entitlement_summary.updated",
        summary(customer, after),
        {"entitlements": before["entitlements"]},
    )


def summary(customer: str, entitlements: list[Json]) -> Json:
    shown = [{k: v for k, v in one.items() if not k.startswith("_")} for one in entitlements]
    return active_entitlement_summary(customer, shown)


def subscribed_products(tx: Transaction, customer: str) -> set[str]:
    return {
        item["price"]["product"]
        for subscription in tx.find("subscription", customer=customer, status=ENTITLES)
        for item in subscription["items"]["data"]
    }
