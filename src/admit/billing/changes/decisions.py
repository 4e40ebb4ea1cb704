"""What may be asked of a subscription as it stands: pure functions of plain values."""

from datetime import datetime
from typing import Protocol

LIVE = frozenset({"active", "trialing", "past_due"})


class Standing(Protocol):
    """What is asked about a subscription; our mirror row has it."""

    @property
    def status(self) -> str: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def cancel_at_period_end(self) -> bool: ...
    @property
    def cancel_at(self) -> datetime | None: ...
    @property
    def pause_behavior(self) -> str | None: ...
    @property
    def pending_price_id(self) -> str | None: ...


def is_ending(row: Standing) -> bool:
    """At the end of the period, or at a date that somebody set at Stripe."""
    return row.cancel_at_period_end or row.cancel_at is not None


def is_paused(row: Standing) -> bool:
    """Nothing is collected, or the whole subscription stands still."""
    return row.status == "paused" or row.pause_behavior is not None


def may_cancel(row: Standing) -> bool:
    return row.status in LIVE and not row.deleted and not is_ending(row)


def may_resume(row: Standing) -> bool:
    return row.status in LIVE and not row.deleted and is_ending(row)


def may_cancel_now(row: Standing) -> bool:
    return row.status in {*LIVE, "unpaid", "paused", "incomplete"} and not row.deleted


def may_pause(row: Standing) -> bool:
    """Not while it is on trial, unpaid or ending: then there is nothing to wait with."""
    return (
        row.status == "active"
        and not row.deleted
        and not is_ending(row)
        and not is_paused(row)
        and row.pending_price_id is None
    )


def may_unpause(row: Standing) -> bool:
    return is_paused(row) and row.status in {*LIVE, "paused"} and not row.deleted


def begins_anew(*, status: str, paid_until: datetime | None, now: datetime) -> bool:
    """Whether a paused subscription that goes on has no paid time left to go on with."""
    return status == "paused" or paid_until is None or paid_until <= now
