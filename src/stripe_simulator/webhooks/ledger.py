"""The delivery table and the log of attempts: one statement a question."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from stripe_simulator.shapes import Json


@dataclass(frozen=True)
class Delivery:
    seq: int
    event: str
    endpoint: str
    attempts: int


@dataclass(frozen=True)
class Attempt:
    """`wall` and `simulated` are unix seconds; `status` is None when nothing was answered."""

    status: int | None
    response: str
    error: str | None
    milliseconds: int
    wall: float
    simulated: int


def due(db: sqlite3.Connection, now: float, *, limit: int) -> list[Delivery]:
    """The oldest ones; the plus keeps SQLite from sorting all that waits for each few of them."""
    rows = db.execute(
        "SELECT seq, event, endpoint, attempts FROM deliveries"
        " WHERE status = 'pending' AND +next_at <= ? ORDER BY seq LIMIT ?",
        (now, limit),
    )
    return [Delivery(*row) for row in rows]


def next_due(db: sqlite3.Connection) -> float | None:
    row = db.execute("SELECT MIN(next_at) FROM deliveries WHERE status = 'pending'").fetchone()
    return row[0] if row else None


def unattempted(db: sqlite3.Connection, kind: str, now: float) -> bool:
    """Whether an event of this kind waits for its first attempt, and is not put off."""
    row = db.execute(
        "SELECT 1 FROM deliveries d JOIN objects o ON o.id = d.event"
        " JOIN refs r ON r.kind = 'event' AND r.field = 'type' AND r.value = ? AND r.seq = o.seq"
        " WHERE d.status = 'pending' AND d.attempts = 0 AND d.next_at <= ? LIMIT 1",
        (kind, now),
    ).fetchone()
    return row is not None


def postpone(db: sqlite3.Connection, waiting: Sequence[Delivery], until: float) -> None:
    db.executemany(
        "UPDATE deliveries SET next_at = ? WHERE seq = ?", [(until, one.seq) for one in waiting]
    )


def hasten(db: sqlite3.Connection, seconds: float, *, now: float) -> None:
    """What waits for a later moment waits so much less."""
    db.execute(
        "UPDATE deliveries SET next_at = MAX(next_at - ?, ?)"
        " WHERE status = 'pending' AND next_at > ?",
        (seconds, now, now),
    )


def give_up(db: sqlite3.Connection, delivery: Delivery) -> None:
    db.execute("UPDATE deliveries SET status = 'failed' WHERE seq = ?", (delivery.seq,))


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt; `retry_in` None: there is no other one."""

    delivery: Delivery
    attempt: Attempt
    accepted: bool
    retry_in: float | None

    @property
    def status(self) -> str:
        if self.accepted:
            return "delivered"
        return "failed" if self.retry_in is None else "pending"


def record(db: sqlite3.Connection, outcomes: Sequence[Outcome]) -> None:
    """Keeps the attempts with one commit, and says when the next ones are, if there are any."""
    db.execute("BEGIN IMMEDIATE")
    db.executemany(
        "UPDATE deliveries SET status = ?, attempts = attempts + 1, next_at = ? WHERE seq = ?",
        [
            (one.status, one.attempt.wall + (one.retry_in or 0), one.delivery.seq)
            for one in outcomes
        ],
    )
    db.executemany(
        "INSERT INTO attempts (delivery, wall, simulated, milliseconds, status, response, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.delivery.seq,
                one.attempt.wall,
                one.attempt.simulated,
                one.attempt.milliseconds,
                one.attempt.status,
                one.attempt.response,
                one.attempt.error,
            )
            for one in outcomes
        ],
    )
    db.execute("COMMIT")


def log(db: sqlite3.Connection, *, limit: int) -> list[Json]:
    """The newest deliveries with their attempts."""
    rows = db.execute(
        "SELECT d.seq, d.event, d.endpoint, d.status, d.attempts, d.next_at,"
        " json_extract(o.data, '$.type') FROM deliveries d JOIN objects o ON o.id = d.event"
        " ORDER BY d.seq DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [
        {
            "id": seq,
            "event": event,
            "type": kind,
            "endpoint": endpoint,
            "status": status,
            "next_attempt_at": next_at if status == "pending" else None,
            "attempts": attempts_of(db, seq) if attempts else [],
        }
        for seq, event, endpoint, status, attempts, next_at, kind in rows
    ]


def attempts_of(db: sqlite3.Connection, delivery: int) -> list[Json]:
    rows = db.execute(
        "SELECT wall, simulated, milliseconds, status, response, error FROM attempts"
        " WHERE delivery = ? ORDER BY seq",
        (delivery,),
    )
    names = ("wall", "simulated", "milliseconds", "status", "response", "error")
    return [dict(zip(names, row, strict=True)) for row in rows]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    rows = db.execute("SELECT status, COUNT(*) FROM deliveries GROUP BY status").fetchall()
    return {"pending": 0, "delivered": 0, "failed": 0} | dict(rows)
