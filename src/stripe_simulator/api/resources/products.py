from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import price_fields, prices
from stripe_simulator.errors import invalid
from stripe_simulator.objects import catalog
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import as_text
from stripe_simulator.state.transaction import Transaction

CHANGEABLE = {
    "name": p.filled,
    **names(p.text, "description", "statement_descriptor", "tax_code", "unit_label", "url"),
    **names(p.boolean, "active", "shippable"),
    **names(p.unsupported, "package_dimensions", "tax_details"),
    "images": p.array(p.filled, unset=True),
    "marketing_features": p.array(p.hash_of({"name": p.text}, required=("name",)), unset=True),
    "metadata": p.metadata,
}
NEW = {
    **CHANGEABLE,
    "id": p.text,
    "type": p.choice("service", "good"),
    "default_price_data": p.hash_of(
        {
            "currency": p.text,
            "metadata": p.metadata,
            "recurring": price_fields.RECURRING,
            "tax_behavior": price_fields.TAX_BEHAVIOR,
            "unit_amount": price_fields.AMOUNT,
            "unit_amount_decimal": p.decimal,
            "currency_options": price_fields.currency_options,
            "custom_unit_amount": p.unsupported,
        },
        required=("currency",),
    ),
}


def create(tx: Transaction, params: Json) -> Json:
    id_ = params.get("id") or tx.new_id("product")
    if tx.get(id_):
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    product = tx.add(catalog.product(id_, params, now=tx.now), "product.created")
    if params.get("default_price_data"):
        price = prices.add(tx, params["default_price_data"], product=product)
        product["default_price"] = price["id"]
        tx.save(product, "product.updated")
    return product


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("product", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    product = tx.need("product", id_)
    if params.get("default_price"):
        price = tx.need("price", params["default_price"], param="default_price")
        if price["product"] != id_:
            raise invalid("The price belongs to another product.", param="default_price")
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(product["metadata"], params["metadata"])
    changes = {name: value for name, value in params.items() if name != "expand"}
    if any(product.get(name) != value for name, value in changes.items()):
        product |= changes | {"updated": tx.now}
    return tx.save(product, "product.updated")


def delete_(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    product = tx.need("product", id_)
    if tx.find("price", product=id_):
        raise invalid(
            "This product cannot be deleted because it has one or more user-created prices."
        )
    return tx.remove(product, "product.deleted")


def search(tx: Transaction, params: Json) -> Json:
    where = {
        name: as_text(params[name]) if name in params else None
        for name in ("active", "shippable", "type", "url")
    }
    if "ids" in params:
        return by_ids(tx, params)
    return page(tx, "product", params, url="/v1/products", where=where)


def by_ids(tx: Transaction, params: Json) -> Json:
    found = [tx.get(id_, "product") for id_ in params["ids"]]
    data = [product for product in found if product and not product.get("deleted")]
    return {"object": "list", "data": data, "has_more": False, "url": "/v1/products"}


OPERATIONS = (
    post("/v1/products", create, NEW, "name"),
    listing(
        "/v1/products",
        search,
        **p.CREATED,
        **names(p.boolean, "active", "shippable"),
        ids=p.array(p.filled),
        type=p.choice("service", "good"),
        url=p.text,
    ),
    get("/v1/products/{id}", retrieve),
    post("/v1/products/{id}", update, {**CHANGEABLE, "default_price": p.text}),
    delete("/v1/products/{id}", delete_),
)
