"""What a thing bought once opens, and until when: pure functions of plain values.

Whoever sells it holds the grant by `service.hold`, with `Source.purchase` and the order's id, and
releases it when this says no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """`paid_at`: None until the money is there; a redirect is no payment.

    `lasts`: how long it opens from then on; None: for ever. `taken_back_at`: when the whole price
    had gone back, by refunds or a lost dispute; a part of it takes nothing away.
    """

    paid_at: datetime | None = None
    lasts: timedelta | None = None
    taken_back_at: datetime | None = None


def opens(purchase: Purchase, now: datetime) -> bool:
    if purchase.paid_at is None or now < purchase.paid_at:
        return False
    end = ends_at(purchase)
    return end is None or now < end


def ends_at(purchase: Purchase) -> datetime | None:
    """The first moment at which it is closed; None: never, as far as is known."""
    ends = []
    if purchase.paid_at is not None and purchase.lasts is not None:
        ends.append(purchase.paid_at + purchase.lasts)
    if purchase.taken_back_at is not None:
        ends.append(purchase.taken_back_at)
    return min(ends, default=None)
