"""Usage: events that a meter counts, added up for a customer and a time.

docs.stripe.com/billing/subscriptions/usage-based/recording-usage: the sum, the number or the last
of the values; a meter with a window takes only the newest event of each hour or day (UTC).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from stripe_simulator.shapes import DAY, HOUR, Json
from stripe_simulator.state.transaction import Transaction

WINDOWS = {"hour": HOUR, "day": DAY}


@dataclass(frozen=True)
class Reading:
    """One event: its second, its value, and its place among all events."""

    at: int
    value: Decimal
    seq: int


def record(
    tx: Transaction, meter: Json, *, customer: str, value: Decimal, at: int, identifier: str
) -> None:
    tx.db.execute(
        "INSERT INTO meter_events (meter, customer, at, value, identifier, received)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (meter["id"], customer, at, str(value), identifier, tx.now),
    )


def received(tx: Transaction, identifier: str) -> tuple[str, int] | None:
    """The meter and the second of receipt of an event that counts."""
    row = tx.db.execute(
        "SELECT meter, received FROM meter_events WHERE identifier = ?", (identifier,)
    ).fetchone()
    return (row[0], row[1]) if row else None


def cancel(tx: Transaction, identifier: str) -> None:
    tx.db.execute("DELETE FROM meter_events WHERE identifier = ?", (identifier,))


def usage(tx: Transaction, meter: Json, *, customer: str, start: int, end: int) -> Decimal:
    """From `start`, and before `end`. Unix seconds."""
    return aggregated(meter, readings(tx, meter, customer=customer, start=start, end=end))


def readings(tx: Transaction, meter: Json, *, customer: str, start: int, end: int) -> list[Reading]:
    """In the order of their time; those that a window makes void are left out."""
    rows = tx.db.execute(
        "SELECT at, value, seq FROM meter_events"
        " WHERE meter = ? AND customer = ? AND at >= ? AND at < ? ORDER BY at, seq",
        (meter["id"], customer, start, end),
    )
    found = [Reading(at, Decimal(value), seq) for at, value, seq in rows]
    length = WINDOWS.get(meter["event_time_window"] or "")
    return newest_of_each(found, length) if length else found


def newest_of_each(found: Sequence[Reading], length: int) -> list[Reading]:
    kept: dict[int, Reading] = {}
    for one in sorted(found, key=lambda reading: reading.seq):
        kept[one.at // length] = one
    return [kept[window] for window in sorted(kept)]


def aggregated(meter: Json, found: Sequence[Reading]) -> Decimal:
    formula = meter["default_aggregation"]["formula"]
    if formula == "count":
        return Decimal(len(found))
    if formula == "last":
        return found[-1].value if found else Decimal(0)
    return sum((one.value for one in found), Decimal(0))
