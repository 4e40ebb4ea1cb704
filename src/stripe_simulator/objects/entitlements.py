from stripe_simulator.objects.lists import list_of
from stripe_simulator.shapes import Json


def feature(id_: str, params: Json) -> Json:
    return {
        "id": id_,
        "object": "entitlements.feature",
        "active": True,
        "livemode": False,
        "lookup_key": params["lookup_key"],
        "metadata": params.get("metadata", {}),
        "name": params["name"],
    }


def product_feature(id_: str, *, feature: Json, product: str) -> Json:
    return {
        "id": id_,
        "object": "product_feature",
        "entitlement_feature": feature,
        "livemode": False,
        "_product": product,
    }


def active_entitlement(id_: str, *, feature: Json, customer: str) -> Json:
    return {
        "id": id_,
        "object": "entitlements.active_entitlement",
        "feature": feature["id"],
        "livemode": False,
        "lookup_key": feature["lookup_key"],
        "_customer": customer,
    }


def active_entitlement_summary(customer: str, entitlements: list[Json]) -> Json:
    return {
        "object": "entitlements.active_entitlement_summary",
        "customer": customer,
        "entitlements": list_of(
            entitlements, url=f"/v1/entitlements/active_entitlements?customer={customer}"
        ),
        "livemode": False,
    }
