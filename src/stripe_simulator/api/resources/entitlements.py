from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, post
from stripe_simulator.api.pagination import page
from stripe_simulator.billing import entitlements
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.objects import entitlements as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def create_feature(tx: Transaction, params: Json) -> Json:
    key = params["lookup_key"]
    if tx.find("entitlements.feature", lookup_key=key, active="true"):
        message = f"A feature with the lookup key `{key}` already exists."
        raise invalid(message, param="lookup_key", code="resource_already_exists")
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    return tx.add(built.feature(tx.new_id("entitlements.feature"), params))


def retrieve_feature(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("entitlements.feature", id_)


def update_feature(tx: Transaction, params: Json, id_: str) -> Json:
    feature = tx.need("entitlements.feature", id_)
    if "metadata" in params:
        feature["metadata"] = p.merged_metadata(feature["metadata"], params["metadata"])
    for name in ("active", "name"):
        if name in params:
            feature[name] = params[name]
    for link in tx.find("product_feature", feature=id_):
        link["entitlement_feature"] = feature
        tx.save(link)
    return tx.save(feature)


def list_features(tx: Transaction, params: Json) -> Json:
    where = {
        "lookup_key": params.get("lookup_key"),
        "active": "false" if params.get("archived") else "true",
    }
    return page(tx, "entitlements.feature", params, url="/v1/entitlements/features", where=where)


def attach(tx: Transaction, params: Json, product: str) -> Json:
    """Gives the product a feature, and everyone who holds the product."""
    tx.need("product", product)
    id_ = params["entitlement_feature"]
    feature = tx.need("entitlements.feature", id_, param="entitlement_feature")
    if tx.find("product_feature", product=product, feature=id_):
        raise invalid("This feature is already attached to this product.")
    new_id = tx.new_id("product_feature")
    link = tx.add(built.product_feature(new_id, feature=feature, product=product))
    refresh_holders(tx, product)
    return link


def refresh_holders(tx: Transaction, product: str) -> None:
    holders = {
        subscription["customer"]
        for price in tx.find("price", product=product)
        for subscription in tx.find("subscription", price=price["id"])
    }
    for customer in sorted(holders):
        entitlements.refresh(tx, customer)


def link_of(tx: Transaction, product: str, id_: str) -> Json:
    link = tx.need("product_feature", id_)
    if link["_product"] != product:
        raise missing_resource("product feature", id_)
    return link


def retrieve_link(tx: Transaction, params: Json, product: str, id_: str) -> Json:
    del params
    return link_of(tx, product, id_)


def list_links(tx: Transaction, params: Json, product: str) -> Json:
    tx.need("product", product)
    url = f"/v1/products/{product}/features"
    return page(tx, "product_feature", params, url=url, where={"product": product})


def detach(tx: Transaction, params: Json, product: str, id_: str) -> Json:
    del params
    removed = tx.remove(link_of(tx, product, id_))
    refresh_holders(tx, product)
    return removed


def retrieve_active(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("entitlements.active_entitlement", id_)


def list_active(tx: Transaction, params: Json) -> Json:
    customer = tx.need("customer", params["customer"], param="customer")["id"]
    return page(
        tx,
        "entitlements.active_entitlement",
        params,
        url="/v1/entitlements/active_entitlements",
        where={"customer": customer},
    )


OPERATIONS = (
    post(
        "/v1/entitlements/features",
        create_feature,
        {"lookup_key": p.filled, "name": p.filled, "metadata": p.metadata},
        "lookup_key",
        "name",
    ),
    listing("/v1/entitlements/features", list_features, archived=p.boolean, lookup_key=p.text),
    get("/v1/entitlements/features/{id}", retrieve_feature),
    post(
        "/v1/entitlements/features/{id}",
        update_feature,
        {"active": p.boolean, "name": p.filled, "metadata": p.metadata},
    ),
    post(
        "/v1/products/{product}/features",
        attach,
        {"entitlement_feature": p.text},
        "entitlement_feature",
    ),
    listing("/v1/products/{product}/features", list_links),
    get("/v1/products/{product}/features/{id}", retrieve_link),
    delete("/v1/products/{product}/features/{id}", detach),
    listing(
        "/v1/entitlements/active_entitlements",
        list_active,
        "customer",
        customer=p.text,
    ),
    get("/v1/entitlements/active_entitlements/{id}", retrieve_active),
)
