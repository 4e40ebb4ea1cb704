"""What is remembered between transactions: numbers that only go up, and which kinds exist.

Numbers are counted in memory and kept with each commit. One that was counted in a transaction that
was undone is left out, never counted again while the process lives; nothing that was answered
carries it.
"""

import sqlite3
from collections.abc import Callable

from stripe_simulator.shapes import Json


class Counters:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._values: dict[str, int] = {}
        self._changed: set[str] = set()
        self._kinds: set[str] | None = None
        self._settled: dict[str, list[Json]] = {}

    def next(self, name: str) -> int:
        """1, 2, 3, ..."""
        if name not in self._values:
            row = self.db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
            self._values[name] = row[0] if row else 0
        self._values[name] += 1
        self._changed.add(name)
        return self._values[name]

    def has_kind(self, kind: str) -> bool:
        """Whether an object of this kind was ever made; also by what was undone since."""
        if self._kinds is None:
            rows = self.db.execute("SELECT DISTINCT kind FROM objects")
            self._kinds = {row[0] for row in rows}
        return kind in self._kinds

    def made(self, kind: str) -> None:
        self.changed(kind)
        if self._kinds is not None:
            self._kinds.add(kind)

    def settled(self, kind: str, find: Callable[[], list[Json]]) -> list[Json]:
        """What `find` has found, until an object of this kind changes."""
        if kind not in self._settled:
            self._settled[kind] = find()
        return self._settled[kind]

    def changed(self, kind: str) -> None:
        self._settled.pop(kind, None)

    def undone(self) -> None:
        """What was found may never have been kept."""
        self._settled.clear()

    def keep(self) -> None:
        """Call before the commit."""
        if self._changed:
            self.db.executemany(
                "INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)",
                [(name, self._values[name]) for name in self._changed],
            )
            self._changed.clear()

    def forget(self) -> None:
        """The table was replaced."""
        self._values.clear()
        self._kinds = None
        self._settled.clear()
        self._changed.clear()
