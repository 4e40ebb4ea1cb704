from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources import price_fields
from stripe_simulator.api.resources.price_fields import (
    AMOUNTS,
    INTERVALS,
    RECURRING,
    TAX_BEHAVIOR,
    currency,
    currency_options,
)
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import catalog
from stripe_simulator.objects import subscription as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import as_text
from stripe_simulator.state.transaction import Transaction

__all__ = ["OPERATIONS", "RECURRING", "TAX_BEHAVIOR", "add", "create"]

LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
"""Three years, in each interval's count."""
NEW = {
    **names(p.text, "currency", "lookup_key", "nickname", "product"),
    **names(p.boolean, "active", "transfer_lookup_key"),
    **AMOUNTS,
    "metadata": p.metadata,
    "product_data": p.hash_of(
        {
            **names(p.text, "id", "name", "statement_descriptor", "tax_code", "unit_label"),
            "active": p.boolean,
            "metadata": p.metadata,
            "tax_details": p.unsupported,
        },
        required=("name",),
    ),
    "recurring": RECURRING,
    "tax_behavior": TAX_BEHAVIOR,
}
CHANGES = {
    **names(p.text, "lookup_key", "nickname"),
    **names(p.boolean, "active", "transfer_lookup_key"),
    "currency_options": currency_options,
    "metadata": p.metadata,
    "tax_behavior": TAX_BEHAVIOR,
}


def create(tx: Transaction, params: Json) -> Json:
    if params.get("product"):
        product = tx.need("product", params["product"], param="product")
    elif params.get("product_data"):
        data = params["product_data"]
        data["metadata"] = p.new_metadata(data.get("metadata", {}))
        product = tx.add(
            catalog.product(data.get("id") or tx.new_id("product"), data, now=tx.now),
            "product.created",
        )
    else:
        raise missing_parameter("product")
    return add(tx, params, product=product)


def add(tx: Transaction, params: Json, *, product: Json) -> Json:
    params["currency"] = currency(params["currency"])
    price_fields.settle(params)
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    check_interval(params.get("recurring"))
    check_meter(tx, params.get("recurring"))
    claim_lookup_key(tx, params)
    made = catalog.price(tx.new_id("price"), params, product=product["id"], now=tx.now)
    return tx.add(made, "price.created")


def check_interval(recurring: Json | None) -> None:
    if recurring is None:
        return
    if recurring.get("interval_count", 1) > LONGEST[recurring["interval"]]:
        raise invalid(
            "The maximum billing period for prices is three years.",
            param="recurring[interval_count]",
        )


def check_meter(tx: Transaction, recurring: Json | None) -> None:
    """A metered price names the meter that counts, and no other has one."""
    if recurring is None:
        return
    metered = recurring.get("usage_type") == "metered"
    if metered and not recurring.get("meter"):
        raise invalid(
            "Metered prices must be backed by meters. Create a meter and set it as"
            " `recurring[meter]`.",
            param="recurring[meter]",
        )
    if not metered and recurring.get("meter"):
        raise invalid("A meter goes with usage_type=metered.", param="recurring[meter]")
    if metered:
        meter = tx.need("billing.meter", recurring["meter"], param="recurring[meter]")
        if meter["status"] != "active":
            raise invalid(f"The meter {meter['id']} is not active.", param="recurring[meter]")


def claim_lookup_key(tx: Transaction, params: Json, *, own_id: str | None = None) -> None:
    """A key names one price; it is moved only when the call says so."""
    key = params.get("lookup_key")
    for holder in tx.find("price", lookup_key=key) if key else []:
        if holder["id"] == own_id:
            continue
        if not params.get("transfer_lookup_key"):
            message = f"A price (`{holder['id']}`) already uses that lookup key."
            raise invalid(message, param="lookup_key", code="resource_already_exists")
        holder["lookup_key"] = None
        tx.save(holder, "price.updated")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("price", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    price = tx.need("price", id_)
    claim_lookup_key(tx, params, own_id=id_)
    if "metadata" in params:
        params["metadata"] = p.merged_metadata(price["metadata"], params["metadata"])
    for name in ("active", "lookup_key", "metadata", "nickname", "tax_behavior"):
        if name in params:
            price[name] = params[name]
    if "currency_options" in params:
        tiered = price["billing_scheme"] == "tiered"
        given = params | {"currency": price["currency"]}
        known = price.get("_currency_options") or {}
        price["_currency_options"] = known | price_fields.options_of(given, tiered=tiered)
    tx.save(price, "price.updated")
    refresh_items(tx, price)
    return price


def refresh_items(tx: Transaction, price: Json) -> None:
    """Subscription items show their price as it is now."""
    for subscription in tx.find("subscription", price=price["id"]):
        for item in subscription["items"]["data"]:
            if item["price"]["id"] == price["id"]:
                built.set_price(item, price)
        tx.save(subscription)


def search(tx: Transaction, params: Json) -> Json:
    recurring = params.get("recurring", {})
    where = {
        "product": params.get("product"),
        "lookup_key": params.get("lookup_keys"),
        "active": as_text(params["active"]) if "active" in params else None,
        "currency": params.get("currency"),
        "type": params.get("type"),
        "interval": recurring.get("interval"),
        "usage_type": recurring.get("usage_type"),
        "meter": recurring.get("meter"),
    }
    return page(tx, "price", params, url="/v1/prices", where=where)


OPERATIONS = (
    post("/v1/prices", create, NEW, "currency"),
    listing(
        "/v1/prices",
        search,
        **p.CREATED,
        **names(p.text, "currency", "product"),
        active=p.boolean,
        lookup_keys=p.array(p.filled),
        recurring=p.hash_of(
            {
                "interval": INTERVALS,
                "usage_type": p.choice("licensed", "metered"),
                "meter": p.text,
            }
        ),
        type=p.choice("recurring", "one_time"),
    ),
    get("/v1/prices/{id}", retrieve),
    post("/v1/prices/{id}", update, CHANGES),
)
