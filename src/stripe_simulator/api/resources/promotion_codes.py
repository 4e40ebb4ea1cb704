import re
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.billing import promotions
from stripe_simulator.errors import invalid
from stripe_simulator.objects import discount as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.references import as_text
from stripe_simulator.state.transaction import Transaction

CODE = re.compile(r"[A-Za-z0-9-]{1,500}")


def minimums_by_currency(value: Any, path: str) -> Json:
    """`{"usd": {"minimum_amount": 500}}`."""
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=path, code="parameter_invalid_object")
    option = p.hash_of({"minimum_amount": p.between(1, p.MOST_AMOUNT)})
    return {currency(code): option(given, f"{path}[{code}]") for code, given in value.items()}


RESTRICTIONS = p.hash_of(
    {
        "currency_options": minimums_by_currency,
        "first_time_transaction": p.boolean,
        "minimum_amount": p.between(1, p.MOST_AMOUNT),
        "minimum_amount_currency": p.filled,
    }
)
NEW = {
    **names(p.filled, "code", "customer"),
    "active": p.boolean,
    "customer_account": p.unsupported,
    "expires_at": p.moment,
    "max_redemptions": p.between(1, p.MOST_QUANTITY),
    "metadata": p.metadata,
    "promotion": p.hash_of(
        {"type": p.choice("coupon"), "coupon": p.filled}, required=("type", "coupon")
    ),
    "restrictions": RESTRICTIONS,
}
CHANGES = {
    "active": p.boolean,
    "metadata": p.metadata,
    "restrictions": p.hash_of({"currency_options": minimums_by_currency}),
}


def create(tx: Transaction, params: Json) -> Json:
    coupon = tx.need("coupon", params["promotion"]["coupon"], param="promotion[coupon]")
    promotions.check_coupon(coupon, now=tx.now, currency=None, param="promotion[coupon]")
    if "customer" in params:
        tx.need("customer", params["customer"], param="customer")
    id_ = tx.new_id("promotion_code")
    params["code"] = params.get("code") or id_[-8:].upper()
    if not CODE.fullmatch(params["code"]):
        raise invalid("A code has letters, digits and hyphens only.", param="code")
    check_restrictions(params.get("restrictions") or {})
    check_unused(tx, params)
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    code = built.promotion_code(id_, params, coupon=coupon["id"], now=tx.now)
    return tx.add(code, "promotion_code.created")


def check_restrictions(asked: Json) -> None:
    if ("minimum_amount" in asked) != ("minimum_amount_currency" in asked):
        raise invalid("minimum_amount and minimum_amount_currency are given together.")


def check_unused(tx: Transaction, params: Json) -> None:
    """Letters' case does not count; a code may exist once for each customer."""
    for other in tx.find("promotion_code", code=params["code"].lower(), active="true"):
        if other["customer"] == params.get("customer") and params.get("active", True):
            raise invalid(
                "An active promotion code with this code already exists.",
                param="code",
                code="resource_already_exists",
            )


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("promotion_code", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    code = tx.need("promotion_code", id_)
    if params.get("active") and not code["active"]:
        coupon = tx.get(code["promotion"]["coupon"]) or {}
        promotions.check_coupon(coupon, now=tx.now, currency=None, param="active")
        check_unused(tx, code | {"active": True})
    if "active" in params:
        code["active"] = params["active"]
    if "metadata" in params:
        code["metadata"] = p.merged_metadata(code["metadata"], params["metadata"])
    if params.get("restrictions", {}).get("currency_options"):
        options = code["_currency_options"] or {}
        code["_currency_options"] = options | params["restrictions"]["currency_options"]
    return tx.save(code, "promotion_code.updated")


def search(tx: Transaction, params: Json) -> Json:
    where = {
        "code": params["code"].lower() if "code" in params else None,
        "coupon": params.get("coupon"),
        "customer": params.get("customer"),
        "active": as_text(params["active"]) if "active" in params else None,
    }
    return page(tx, "promotion_code", params, url="/v1/promotion_codes", where=where)


OPERATIONS = (
    post("/v1/promotion_codes", create, NEW, "promotion"),
    listing(
        "/v1/promotion_codes",
        search,
        **p.CREATED,
        **names(p.text, "code", "coupon", "customer"),
        active=p.boolean,
        customer_account=p.unsupported,
    ),
    get("/v1/promotion_codes/{id}", retrieve),
    post("/v1/promotion_codes/{id}", update, CHANGES),
)
