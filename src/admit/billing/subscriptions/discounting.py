"""What is left to pay: pure arithmetic in minor units."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from admit.billing.subscriptions.views import Discount

PER_CENT = Decimal(100)


def less(amount: int, discounts: Iterable[Discount], *, on: datetime) -> int:
    """After the discounts that still hold then, one after the other; never below zero.

    Half a minor unit that is taken off is rounded up
    (https://docs.stripe.com/billing/subscriptions/coupons).
    """
    left = amount
    for discount in discounts:
        if discount.ends_at is None or on < discount.ends_at:
            left -= _off(left, discount)
    return max(left, 0)


def _off(amount: int, discount: Discount) -> int:
    if discount.percent_off is None:
        return discount.amount_off or 0
    share = Decimal(amount) * Decimal(str(discount.percent_off)) / PER_CENT
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
