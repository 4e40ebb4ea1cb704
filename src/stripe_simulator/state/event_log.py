"""What a transaction has told: its events and their deliveries, written together at its end.

A renewal tells eleven things; three statements for all of them cost less than three for each.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """One event as JSON text, and the ids of the endpoints that are to receive it."""

    id: str
    type: str
    created: int
    text: str
    endpoints: Sequence[str]
    wall: float


class EventLog:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.waiting: list[Told] = []

    def add(self, event: Told) -> None:
        self.waiting.append(event)

    def write(self) -> None:
        """Call before the commit, and before anybody reads events within the transaction."""
        if not self.waiting:
            return
        told, self.waiting = self.waiting, []
        first = self._last_seq() + 1
        self.db.executemany(
            "INSERT INTO objects (seq, id, kind, created, data) VALUES (?, ?, 'event', ?, ?)",
            [(first + at, one.id, one.created, one.text) for at, one in enumerate(told)],
        )
        self.db.executemany(
            "INSERT INTO refs (kind, field, value, seq) VALUES ('event', 'type', ?, ?)",
            [(one.type, first + at) for at, one in enumerate(told)],
        )
        deliveries = [(one.id, endpoint, one.wall) for one in told for endpoint in one.endpoints]
        if deliveries:
            self.db.executemany(
                "INSERT INTO deliveries (event, endpoint, next_at) VALUES (?, ?, ?)", deliveries
            )

    def _last_seq(self) -> int:
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'objects'").fetchone()
        return int(row[0]) if row else 0
