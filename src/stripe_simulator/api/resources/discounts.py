"""`discounts[]` wherever it is taken: a coupon, a promotion code, or a discount that is there."""

from stripe_simulator.api import parameters as p
from stripe_simulator.billing import discounts, promotions
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

GIVEN = p.array(
    p.hash_of(dict.fromkeys(("coupon", "discount", "promotion_code"), p.filled)), unset=True
)


def ids(
    tx: Transaction,
    given: list[Json],
    *,
    customer: str | None,
    kept: list[str],
    path: str = "discounts",
    amount: int | None = None,
    currency: str | None = None,
    **owner: str | None,
) -> list[str]:
    """The ids of what is asked for; new discounts are made, known ones must be in `kept`."""
    found = []
    for index, one in enumerate(given):
        where = f"{path}[{index}]"
        if len(one) != 1:
            raise invalid(f"Give one of coupon, discount, promotion_code: {where}", param=where)
        if "discount" in one:
            if one["discount"] not in kept:
                raise invalid(f"No such discount: '{one['discount']}'", param=f"{where}[discount]")
            found.append(one["discount"])
            continue
        coupon, code = promotions.redeemable(
            tx, one, customer=customer, path=where, amount=amount, currency=currency
        )
        found.append(discounts.give(tx, coupon, customer=customer, promotion_code=code, **owner))
    return found


def given_to_item(
    tx: Transaction, subscription: Json, known: Json | None, item: Json, path: str
) -> list[str] | None:
    if "discounts" not in item:
        return None
    return ids(
        tx,
        item["discounts"],
        customer=subscription["customer"],
        kept=known["discounts"] if known else [],
        path=f"{path}[discounts]",
        currency=subscription["currency"],
        subscription=subscription["id"],
        subscription_item=known["id"] if known else None,
    )


def set_on(tx: Transaction, subscription: Json, given: list[Json]) -> None:
    """Replaces the discounts of a subscription; those that are no longer named are removed."""
    before = list(subscription["discounts"])
    wanted = ids(
        tx,
        given,
        customer=subscription["customer"],
        kept=before,
        currency=subscription["currency"],
        subscription=subscription["id"],
    )
    for id_ in before:
        if id_ not in wanted:
            discounts.remove(tx, subscription, id_)
    subscription["discounts"] = wanted
