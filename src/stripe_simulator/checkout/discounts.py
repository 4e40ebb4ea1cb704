"""What a coupon takes off a session: shown on the page now, and a discount once it is paid."""

from dataclasses import dataclass

from stripe_simulator.billing import discounts, promotions
from stripe_simulator.checkout import taxes
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

NOT_VALID = "This code is not valid."
NOTHING_TO_REDUCE = (
    "This coupon cannot be redeemed because it does not apply to anything in this order."
)


@dataclass(frozen=True)
class DiscountView:
    """`code`: what was typed, or None for a coupon of the seller's. Minor units."""

    name: str
    code: str | None
    amount: int
    lasts: str


def use(tx: Transaction, session: Json, asked: list[Json], *, path: str = "discounts") -> None:
    """Takes these instead of any other. Errors: 400 for what may not be redeemed."""
    if len(asked) > 1:
        raise invalid("A Checkout Session takes one discount.", param=path)
    chosen = []
    for index, one in enumerate(asked):
        if len(one) != 1:
            raise invalid("Give one of coupon, promotion_code.", param=f"{path}[{index}]")
        coupon, code = promotions.redeemable(
            tx,
            one,
            customer=session["customer"],
            path=f"{path}[{index}]",
            amount=session["amount_subtotal"],
            currency=session["currency"],
        )
        if not any(reaches(coupon, entry) for entry in session["_items"]):
            raise invalid(NOTHING_TO_REDUCE, param=f"{path}[{index}]")
        chosen.append({"coupon": coupon["id"], "promotion_code": code["id"] if code else None})
    session["discounts"] = chosen
    session["_discounts"] = list(asked)
    reckon(tx, session)


def reckon(tx: Transaction, session: Json) -> None:
    """The amounts that are due today, less the discount, and with their taxes."""
    entries = session["_items"]
    off = taken_off(tx, session, [entry["item"]["amount_subtotal"] for entry in entries])
    for entry, amount in zip(entries, off, strict=True):
        item = entry["item"]
        item["amount_discount"] = amount
        item["amount_total"] = item["amount_subtotal"] - amount
    due = session["amount_subtotal"]
    if due:
        due -= sum(off)
    session["total_details"]["amount_discount"] = session["amount_subtotal"] - due
    due += taxes.apply(tx, session)
    session["amount_total"] = due
    session["payment_status"] = "unpaid" if due else "no_payment_required"


def taken_off(tx: Transaction, session: Json, amounts: list[int]) -> list[int]:
    """For every line, what the session's discount takes off its amount."""
    left = list(amounts)
    for chosen in session["discounts"]:
        coupon = tx.get(chosen["coupon"]) or {}
        places = [
            place
            for place, entry in enumerate(session["_items"])
            if left[place] > 0 and reaches(coupon, entry)
        ]
        parts = discounts.shares(coupon, [left[place] for place in places], session["currency"])
        for place, part in zip(places, parts, strict=True):
            left[place] -= part
    return [amount - rest for amount, rest in zip(amounts, left, strict=True)]


def reaches(coupon: Json, entry: Json) -> bool:
    products = coupon.get("_products")
    return not products or entry["price"]["product"] in products


def shown(tx: Transaction, session: Json) -> DiscountView | None:
    for chosen in session["discounts"]:
        coupon = tx.get(chosen["coupon"]) or {}
        code = tx.get(chosen["promotion_code"]) if chosen["promotion_code"] else None
        return DiscountView(
            name=coupon.get("name") or (code["code"] if code else chosen["coupon"]),
            code=code["code"] if code else None,
            amount=session["total_details"]["amount_discount"],
            lasts=duration_in_words(coupon),
        )
    return None


def duration_in_words(coupon: Json) -> str:
    if coupon["duration"] == "repeating":
        months = coupon["duration_in_months"]
        return "for 1 month" if months == 1 else f"for {months} months"
    return "once" if coupon["duration"] == "once" else "for ever"


def later_amount(tx: Transaction, session: Json, *, begins_later: bool) -> int | None:
    """What the periods to come cost, taxes included.

    A coupon for `once` lasts until something was charged.
    """
    recurring = [entry["price"]["recurring"] is not None for entry in session["_items"]]
    if not any(recurring):
        return None
    amounts: list[int] = [entry["amount"] for entry in session["_items"]]
    off = [0] * len(amounts)
    coupons = [tx.get(chosen["coupon"]) or {} for chosen in session["discounts"]]
    if begins_later or all(coupon["duration"] != "once" for coupon in coupons):
        off = taken_off(tx, session, amounts)
    rest = [
        amount - part if again else 0
        for amount, part, again in zip(amounts, off, recurring, strict=True)
    ]
    return sum(rest) + taxes.added_later(tx, session, rest)


def redeem_once(tx: Transaction, session: Json, customer: str | None) -> None:
    """A payment without a subscription uses the coupon up by itself."""
    for chosen in session["discounts"]:
        code = tx.get(chosen["promotion_code"]) if chosen["promotion_code"] else None
        discounts.give(
            tx,
            tx.get(chosen["coupon"]) or {},
            customer=customer,
            promotion_code=code,
            checkout_session=session["id"],
        )


def type_code(store: Store, session_id: str, text: str) -> str | None:
    """What the code box does; an empty text takes the code off. Answers with what is wrong."""
    with store.writing() as tx:
        session = tx.need("checkout.session", session_id)
        if session["status"] != "open" or not session["allow_promotion_codes"]:
            return NOT_VALID
        if not text.strip():
            use(tx, session, [])
            tx.save(session)
            return None
        code = promotions.by_code(tx, text, customer=session["customer"])
        if code is None:
            return NOT_VALID
        try:
            use(tx, session, [{"promotion_code": code["id"]}])
        except StripeError as error:
            return error.message
        tx.save(session)
    return None
