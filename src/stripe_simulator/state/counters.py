"""Numbers that only go up: counted in memory, kept with each commit.

A number that was counted in a transaction that was undone is left out, never counted again while
the process lives; nothing that was answered carries it.
"""

import sqlite3


class Counters:
    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._values: dict[str, int] = {}
        self._changed: set[str] = set()

    def next(self, name: str) -> int:
        """1, 2, 3, ..."""
        if name not in self._values:
            row = self.db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
            self._values[name] = row[0] if row else 0
        self._values[name] += 1
        self._changed.add(name)
        return self._values[name]

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
        self._changed.clear()
