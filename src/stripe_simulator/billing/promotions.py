"""Whether a coupon or a promotion code may be used: by whom, when, for how much.

docs.stripe.com/billing/subscriptions/coupons: limits of the coupon, and limits of the code.
"""

from collections.abc import Sequence

from stripe_simulator.billing import discounts
from stripe_simulator.errors import StripeError, invalid, missing_resource
from stripe_simulator.money import display
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def redeemable(
    tx: Transaction,
    asked: Json,
    *,
    customer: str | None,
    path: str,
    amount: int | None = None,
    currency: str | None = None,
) -> tuple[Json, Json | None]:
    """The coupon, and the promotion code that led to it. Errors: 400 when it may not be used."""
    code = None
    if "promotion_code" in asked:
        where = f"{path}[promotion_code]"
        code = tx.get(asked["promotion_code"], "promotion_code")
        if code is None:
            raise missing_resource("promotion code", asked["promotion_code"], param=where)
        problem = why_not(tx, code, customer=customer, amount=amount, currency=currency)
        if problem:
            raise invalid(problem, param=where)
        coupon = tx.get(code["promotion"]["coupon"]) or {}
    else:
        where = f"{path}[coupon]"
        coupon = tx.need("coupon", asked["coupon"], param=where)
    check_coupon(coupon, now=tx.now, currency=currency, param=where)
    return coupon, code


def check_coupon(coupon: Json, *, now: int, currency: str | None, param: str) -> None:
    if coupon.get("deleted") or not discounts.is_valid(coupon, now):
        raise expired(coupon, param)
    if currency and coupon["amount_off"] is not None and not reaches(coupon, currency):
        raise invalid(
            f"The coupon's currency ({coupon['currency']}) does not match {currency}.",
            param=param,
        )


def expired(coupon: Json, param: str) -> StripeError:
    """Too late, or redeemed as often as it may be."""
    most = coupon.get("max_redemptions")
    if most and coupon["times_redeemed"] >= most:
        said = f"Coupon {coupon['id']} is used up and cannot be applied."
    else:
        said = f"Coupon expired: {coupon['id']}"
    return invalid(said, param=param, code="coupon_expired")


def reaches(coupon: Json, currency: str) -> bool:
    options = coupon.get("_currency_options") or {}
    return coupon["currency"] == currency or currency in options


def why_not(
    tx: Transaction,
    code: Json,
    *,
    customer: str | None,
    amount: int | None,
    currency: str | None,
) -> str | None:
    """The sentence that says why this promotion code cannot be used; None when it can."""
    rules = code["restrictions"]
    if not code["active"] or (code["expires_at"] and code["expires_at"] <= tx.now):
        return "This promotion code is inactive."
    if code["customer"] and code["customer"] != customer:
        return "This promotion code is restricted to a certain customer."
    if rules["first_time_transaction"] and has_bought(tx, customer):
        return (
            "This promotion code cannot be redeemed because the associated customer has prior"
            " transactions."
        )
    least = minimum(code, currency)
    if least and amount is not None and amount < least:
        return (
            "This promotion code cannot be redeemed because the associated purchase does not meet"
            f" the minimum amount requirement of {display(least, currency or '')}."
        )
    return None


def minimum(code: Json, currency: str | None) -> int | None:
    rules = code["restrictions"]
    if currency in (None, rules["minimum_amount_currency"]):
        least: int | None = rules["minimum_amount"]
        return least
    options = code.get("_currency_options") or {}
    other: int | None = options.get(currency, {}).get("minimum_amount")
    return other


def has_bought(tx: Transaction, customer: str | None) -> bool:
    """Any successful payment, or an invoice that was paid without one."""
    if customer is None:
        return False
    paid = tx.find("invoice", customer=customer, status="paid")
    charges = tx.find("charge", customer=customer)
    return any(one["amount_due"] for one in paid) or any(one["paid"] for one in charges)


def given(
    tx: Transaction,
    subscription: Json,
    asked: Sequence[Json],
    *,
    path: str,
    item: Json | None = None,
    amount: int | None = None,
) -> list[str]:
    """New discounts of a subscription that begins, or of one of its items.

    `amount`: what its first invoice comes to, which a code may ask to be no less than its minimum.
    """
    found = []
    for index, one in enumerate(asked):
        coupon, code = redeemable(
            tx,
            one,
            customer=subscription["customer"],
            path=f"{path}[{index}]",
            amount=amount,
            currency=subscription["currency"],
        )
        id_ = discounts.give(
            tx,
            coupon,
            customer=subscription["customer"],
            promotion_code=code,
            subscription=subscription["id"],
            subscription_item=item["id"] if item else None,
        )
        found.append(id_)
    return found


def by_code(tx: Transaction, text: str, *, customer: str | None) -> Json | None:
    """The promotion code that somebody typed, whatever the case of its letters."""
    found = tx.find("promotion_code", code=text.strip().lower(), active="true")
    own = [one for one in found if one["customer"] in (None, customer)]
    return own[0] if own else None
