from decimal import Decimal
from typing import Any

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import delete, get, listing, names, post
from stripe_simulator.api.pagination import page
from stripe_simulator.api.resources.price_fields import currency
from stripe_simulator.errors import invalid, missing_parameter
from stripe_simulator.objects import discount as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

MOST_MONTHS = 99_999


def percent(value: Any, path: str) -> float:
    """More than 0 and at most 100, with up to two decimals (the simulator's own bound)."""
    number: Decimal = p.decimal(value, path)
    if not 0 < number <= 100:
        raise invalid("Invalid percent_off: must be greater than 0 and at most 100", param=path)
    return int(number) if number == number.to_integral_value() else float(number)


def amounts_by_currency(value: Any, path: str) -> Json:
    """`{"usd": {"amount_off": 500}}`."""
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=path, code="parameter_invalid_object")
    option = p.hash_of({"amount_off": p.between(1, p.MOST_AMOUNT)}, required=("amount_off",))
    return {currency(code): option(given, f"{path}[{code}]") for code, given in value.items()}


NEW = {
    **names(p.filled, "currency", "id"),
    "amount_off": p.between(1, p.MOST_AMOUNT),
    "applies_to": p.hash_of({"products": p.array(p.filled)}),
    "currency_options": amounts_by_currency,
    "duration": p.choice("forever", "once", "repeating"),
    "duration_in_months": p.between(1, MOST_MONTHS),
    "max_redemptions": p.between(1, p.MOST_QUANTITY),
    "metadata": p.metadata,
    "name": p.text,
    "percent_off": percent,
    "redeem_by": p.moment,
}
CHANGES = {"currency_options": amounts_by_currency, "metadata": p.metadata, "name": p.text}


def create(tx: Transaction, params: Json) -> Json:
    check(tx, params)
    if "currency" in params:
        params["currency"] = currency(params["currency"])
    params["metadata"] = p.new_metadata(params.get("metadata", {}))
    id_ = params.get("id") or tx.new_id("coupon").removeprefix("cpn_")[-8:]
    return tx.add(built.coupon(id_, params, now=tx.now), "coupon.created")


def check(tx: Transaction, params: Json) -> None:
    if ("percent_off" in params) == ("amount_off" in params):
        raise invalid("You must pass exactly one of: percent_off, amount_off.")
    if "amount_off" in params and "currency" not in params:
        raise missing_parameter("currency")
    repeating = params.get("duration") == "repeating"
    if repeating and "duration_in_months" not in params:
        raise missing_parameter("duration_in_months")
    if not repeating and "duration_in_months" in params:
        raise invalid(
            "duration_in_months may only be passed when duration is repeating.",
            param="duration_in_months",
        )
    if params.get("redeem_by") is not None and params["redeem_by"] <= tx.now:
        raise invalid("redeem_by must be in the future.", param="redeem_by")
    known = tx.get(params["id"]) if params.get("id") else None
    if known and not known.get("deleted"):
        raise invalid("Coupon already exists.", param="id", code="resource_already_exists")
    if known:
        raise invalid("A deleted coupon's id is not used again here.", param="id")
    for product in (params.get("applies_to") or {}).get("products", []):
        tx.need("product", product, param="applies_to[products]")


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("coupon", id_)


def update(tx: Transaction, params: Json, id_: str) -> Json:
    coupon = tx.need("coupon", id_)
    if "metadata" in params:
        coupon["metadata"] = p.merged_metadata(coupon["metadata"], params["metadata"])
    if "name" in params:
        coupon["name"] = params["name"]
    if "currency_options" in params:
        options = coupon["_currency_options"] or {}
        coupon["_currency_options"] = options | params["currency_options"]
    return tx.save(coupon, "coupon.updated")


def remove(tx: Transaction, params: Json, id_: str) -> Json:
    """Nobody can redeem it any more; whoever has it keeps it."""
    del params
    return tx.remove(tx.need("coupon", id_), "coupon.deleted")


def search(tx: Transaction, params: Json) -> Json:
    return page(tx, "coupon", params, url="/v1/coupons")


OPERATIONS = (
    post("/v1/coupons", create, NEW),
    listing("/v1/coupons", search, **p.CREATED),
    get("/v1/coupons/{id}", retrieve),
    post("/v1/coupons/{id}", update, CHANGES),
    delete("/v1/coupons/{id}", remove),
)
