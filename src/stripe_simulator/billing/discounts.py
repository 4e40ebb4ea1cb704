"""Discounts: what a coupon takes off which lines, how long, and how often it may be used.

docs.stripe.com/billing/subscriptions/coupons: a percentage is taken of every line that the coupon
applies to, a fixed amount is shared by them in proportion; several are applied one after another.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from stripe_simulator.clock.periods import add_months
from stripe_simulator.money import rounded
from stripe_simulator.objects import discount as built
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def apply(tx: Transaction, lines: Sequence[Json], whole: Sequence[str]) -> list[Json]:
    """Writes `discount_amounts` of every line; answers what each discount took off in all."""
    left = {line["id"]: line["amount"] for line in lines}
    totals: dict[str, int] = {}
    for line in lines:
        line["discount_amounts"] = []
    own: dict[str, list[Json]] = {}
    for line in lines:
        for id_ in line["discounts"] if line["discountable"] else ():
            own.setdefault(id_, []).append(line)
    for id_, reached in [*own.items(), *((id_, list(lines)) for id_ in whole)]:
        coupon = coupon_of(tx, id_)
        eligible = [line for line in reached if applies(coupon, line) and left[line["id"]] > 0]
        amounts = shares(coupon, [left[line["id"]] for line in eligible], currency_of(lines))
        for line, amount in zip(eligible, amounts, strict=True):
            left[line["id"]] -= amount
            line["discount_amounts"].append({"amount": amount, "discount": id_})
        totals[id_] = totals.get(id_, 0) + sum(amounts)
    for line in lines:
        line["pretax_credit_amounts"] = [
            one | {"type": "discount"} for one in line["discount_amounts"]
        ]
    return [{"amount": amount, "discount": id_} for id_, amount in totals.items()]


def currency_of(lines: Sequence[Json]) -> str:
    return str(lines[0]["currency"]) if lines else ""


def shares(coupon: Json, amounts: list[int], currency: str) -> list[int]:
    """What the coupon takes off each amount: rounded once for all, so that the parts add up."""
    whole = sum(amounts)
    off = min(taken_off(coupon, whole, currency), whole)
    parts, used, seen = [], 0, 0
    for amount in amounts:
        seen += amount
        upto = rounded(Decimal(off) * seen / whole, currency)
        parts.append(upto - used)
        used = upto
    return parts


def taken_off(coupon: Json, amount: int, currency: str) -> int:
    if coupon["percent_off"] is not None:
        return rounded(Decimal(amount) * Decimal(str(coupon["percent_off"])) / 100, currency)
    if coupon["currency"] == currency:
        return int(coupon["amount_off"])
    return int((coupon.get("_currency_options") or {}).get(currency, {}).get("amount_off", 0))


def applies(coupon: Json, line: Json) -> bool:
    if not line["discountable"]:
        return False
    products = coupon.get("_products")
    details = (line["pricing"] or {}).get("price_details")
    return not products or (details is not None and details["product"] in products)


def coupon_of(tx: Transaction, discount: str) -> Json:
    """The coupon as it was when the discount was given: deleting it takes nothing away."""
    found = tx.get(discount)
    assert found is not None  # noqa: S101 -- discounts are kept
    coupon: Json = found["_coupon"]
    return coupon


def give(
    tx: Transaction,
    coupon: Json,
    *,
    customer: str | None,
    promotion_code: Json | None = None,
    **owner: str | None,
) -> str:
    """A discount of this coupon; `owner`: subscription, subscription_item, invoice, ...

    Redeemed once more, by promotion code too; `customer.discount.created` is sent for
    subscriptions.
    """
    months = coupon["duration_in_months"] if coupon["duration"] == "repeating" else None
    discount = built.discount(
        tx.new_id("discount"),
        coupon=coupon,
        customer=customer,
        promotion_code=promotion_code["id"] if promotion_code else None,
        end=add_months(tx.now, months) if months else None,
        now=tx.now,
        **owner,
    )
    tx.add(discount)
    for redeemed in (coupon, promotion_code):
        if redeemed:
            redeem(tx, redeemed)
    if owner.get("subscription"):
        tx.emit("customer.discount.created", discount)
        if discount["end"]:
            tx.schedule("discount.end", discount["id"], discount["end"])
    return str(discount["id"])


def redeem(tx: Transaction, one: Json) -> None:
    one["times_redeemed"] += 1
    if one["object"] == "coupon":
        one["valid"] = is_valid(one, tx.now)
    elif one["max_redemptions"] and one["times_redeemed"] >= one["max_redemptions"]:
        one["active"] = False
    if not one.get("deleted"):
        tx.save(one)


def is_valid(coupon: Json, now: int) -> bool:
    spent = coupon["max_redemptions"] and coupon["times_redeemed"] >= coupon["max_redemptions"]
    late = coupon["redeem_by"] and coupon["redeem_by"] <= now
    return not (spent or late)


def remove(tx: Transaction, subscription: Json, id_: str) -> None:
    """Takes a discount off a subscription; the caller saves it."""
    subscription["discounts"] = [one for one in subscription["discounts"] if one != id_]
    for item in subscription["items"]["data"]:
        item["discounts"] = [one for one in item["discounts"] if one != id_]
    tx.unschedule("discount.end", id_)
    discount = tx.get(id_)
    if discount:
        tx.emit("customer.discount.deleted", discount)


def consume(tx: Transaction, subscription: Json, used: Sequence[str]) -> None:
    """A coupon for `once` is gone after the first invoice that it made cheaper."""
    for id_ in used:
        if coupon_of(tx, id_)["duration"] == "once" and held(subscription, id_):
            remove(tx, subscription, id_)


def held(subscription: Json, id_: str) -> bool:
    items = subscription["items"]["data"]
    return id_ in subscription["discounts"] or any(id_ in item["discounts"] for item in items)


def ends(tx: Transaction, id_: str) -> None:
    """The months of a repeating coupon are over."""
    discount = tx.get(id_)
    subscription = tx.get(discount["subscription"]) if discount else None
    if subscription and held(subscription, id_):
        remove(tx, subscription, id_)
        tx.save(subscription, "customer.subscription.updated")


def drop_ended(tx: Transaction, subscription: Json) -> None:
    """Whatever ends at this very second is not used for the period that begins with it."""
    for id_ in [*subscription["discounts"], *item_discounts(subscription)]:
        discount = tx.get(id_)
        if discount and discount["end"] and discount["end"] <= tx.now:
            remove(tx, subscription, id_)


def item_discounts(subscription: Json) -> list[str]:
    return [id_ for item in subscription["items"]["data"] for id_ in item["discounts"]]


def net_prices(
    tx: Transaction, subscription: Json, amounts: Mapping[str, int]
) -> tuple[dict[str, int], list[str]]:
    """What whole periods of the items cost with today's discounts, and which of those count."""
    lines = [
        {
            "id": item["id"],
            "amount": amounts[item["id"]],
            "currency": subscription["currency"],
            "discountable": True,
            "discounts": item["discounts"],
            "pricing": {"price_details": {"product": item["price"]["product"]}},
        }
        for item in subscription["items"]["data"]
    ]
    off = apply(tx, lines, subscription["discounts"])
    nets = {
        line["id"]: line["amount"] - sum(one["amount"] for one in line["discount_amounts"])
        for line in lines
    }
    return nets, [one["discount"] for one in off if one["amount"]]
