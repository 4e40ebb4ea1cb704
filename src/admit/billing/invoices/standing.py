"""What became of an invoice's money: pure functions of plain values.

Amounts are in the minor unit of the invoice's currency, times are aware.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from admit.billing.disputes.standing import is_lost, is_open, withholds
from admit.billing.refunds.standing import counts


class Moved(StrEnum):
    payment = "payment"
    refund = "refund"
    dispute = "dispute"


class Movement(NamedTuple):
    """A payment of the invoice, or what took money of it back; `status` is Stripe's."""

    what: str
    status: str
    amount: int
    at: datetime


class Standing(StrEnum):
    """What a person reads of an invoice in one word."""

    draft = "draft"
    pending = "pending"
    failed = "failed"
    paid = "paid"
    partly_refunded = "partly_refunded"
    refunded = "refunded"
    disputed = "disputed"
    void = "void"
    uncollectible = "uncollectible"


def refunded(movements: Iterable[Movement]) -> int:
    """What was given back and did not fail."""
    return sum(each.amount for each in movements if _is_refund(each))


def taken_back_at(
    paid: int, movements: Iterable[Movement], *, when_disputed: bool
) -> datetime | None:
    """When the whole of what was paid had gone back; `None` while something of it is ours.

    Refunds and lost disputes count together; `when_disputed`: open disputes, too. What was paid
    in part only keeps its access, and so does what cost nothing.
    """
    if paid <= 0:
        return None
    left = paid
    for each in sorted(movements, key=lambda each: each.at):
        if _is_refund(each) or _is_taken(each, when_disputed=when_disputed):
            left -= each.amount
            if left <= 0:
                return each.at
    return None


def standing_of(
    status: str, *, paid: int, attempts: int, movements: Sequence[Movement]
) -> Standing:
    """`status` is the invoice's at Stripe."""
    if status == "open":
        return _of_open(attempts, movements)
    if status != "paid":
        return Standing(status)
    disputes = [each for each in movements if each.what == Moved.dispute]
    if any(is_open(each.status) or is_lost(each.status) for each in disputes):
        return Standing.disputed
    given_back = refunded(movements)
    if 0 < given_back < paid:
        return Standing.partly_refunded
    return Standing.refunded if given_back else Standing.paid


def _of_open(attempts: int, movements: Iterable[Movement]) -> Standing:
    """A bank debit that is under way may still succeed, whatever was tried before."""
    tried = {each.status for each in movements if each.what == Moved.payment}
    if "pending" in tried:
        return Standing.pending
    return Standing.failed if attempts or "failed" in tried else Standing.pending


def _is_refund(each: Movement) -> bool:
    return each.what == Moved.refund and counts(each.status)


def _is_taken(each: Movement, *, when_disputed: bool) -> bool:
    if each.what != Moved.dispute:
        return False
    return is_lost(each.status) or (when_disputed and withholds(each.status))
