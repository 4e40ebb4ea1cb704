"""The store: a SQLite file, or memory. One process, one connection, one writer at a time."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from stripe_simulator.clock.clock import Clock
from stripe_simulator.errors import StripeError
from stripe_simulator.state.counters import Counters
from stripe_simulator.state.ids import new_epoch
from stripe_simulator.state.schema import SCHEMA, TABLES
from stripe_simulator.state.transaction import Cause, Emit, Transaction


class Store:
    """Everything the simulator knows. `on_commit` is called after each commit that sent events."""

    def __init__(self, path: str | Path | None, *, base_url: str, emit: Emit, clock: Clock) -> None:
        self.base_url = base_url
        self.emit = emit
        self.on_commit: Callable[[], None] = lambda: None
        self.db = sqlite3.connect(
            str(path or ":memory:"), isolation_level=None, check_same_thread=False
        )
        self.db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute("PRAGMA busy_timeout = 5000")
        self.db.execute("PRAGMA cache_size = -65536")
        self.db.execute("PRAGMA wal_autocheckpoint = 10000")
        self.db.executescript(SCHEMA)
        self.epoch = self._kept("epoch", new_epoch())
        self.session = new_epoch()
        self.counters = Counters(self.db)
        self.clock = self._kept_clock(clock)

    def now(self) -> int:
        return self.clock.now()

    @contextmanager
    def writing(
        self, cause: Cause | None = None, *, now: int | None = None
    ) -> Iterator[Transaction]:
        """One transaction: committed at the end, undone by an error that keeps no changes."""
        self.db.execute("BEGIN IMMEDIATE")
        transaction = self.transaction(cause, self.now() if now is None else now)
        try:
            yield transaction
        except StripeError as error:
            if error.keeps_changes:
                self._commit(transaction)
            else:
                self._undo()
            raise
        except BaseException:
            self._undo()
            raise
        self._commit(transaction)

    @contextmanager
    def together(self) -> Iterator["Together"]:
        """Many transactions, kept or undone at once, the clock with them."""
        clock = self.clock
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield (several := Together(self))
        except BaseException:
            self._undo()
            self.clock = clock
            raise
        self._commit(*several.transactions)

    def _undo(self) -> None:
        self.db.execute("ROLLBACK")
        self.counters.undone()

    def _commit(self, *transactions: Transaction) -> None:
        for transaction in transactions:
            transaction.events.write()
        self.counters.keep()
        self.db.execute("COMMIT")
        if any(transaction.emitted for transaction in transactions):
            self.on_commit()

    def reading(self) -> Transaction:
        return self.transaction(None, self.now())

    def next_timer(self) -> tuple[str, str, int] | None:
        """What is due first: its name, the object and the simulated second."""
        row = self.db.execute("SELECT what, id, at FROM timers ORDER BY at, seq LIMIT 1").fetchone()
        return (row[0], row[1], row[2]) if row else None

    def move_clock(self, moment: int) -> None:
        moved = self.clock.moved_to(moment)
        if moved == self.clock:
            return
        self.clock = moved
        self.keep("clock", json.dumps(asdict(self.clock)))

    def keep(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def kept(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def clear(self, *, now: int | None = None) -> None:
        """Forgets everything, the time only when told; ids are issued under a new epoch."""
        self.db.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own names
        self.db.execute("COMMIT")
        self.counters.forget()
        self.epoch = self._kept("epoch", new_epoch())
        self.clock = self.clock if now is None else self.clock.set_to(now)
        self.move_clock(self.now())

    def close(self) -> None:
        self.db.close()

    def transaction(self, cause: Cause | None, now: int) -> Transaction:
        return Transaction(
            self.db,
            now=now,
            epoch=self.epoch,
            base_url=self.base_url,
            emit=self.emit,
            counters=self.counters,
            cause=cause,
        )

    def _kept(self, key: str, default: str) -> str:
        value = self.kept(key)
        if value is None:
            self.keep(key, default)
            return default
        return value

    def _kept_clock(self, wanted: Clock) -> Clock:
        """Running or frozen as asked for; never earlier than it was when the store was left."""
        text = self.kept("clock")
        if text is None:
            return wanted
        kept = Clock(**json.loads(text))
        if wanted.frozen_at is None:
            return Clock(offset=kept.offset)
        return Clock(frozen_at=max(wanted.frozen_at, kept.frozen_at or 0))


class Together:
    """Transactions that follow each other at moments of their own, within one commit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.transactions: list[Transaction] = []

    def at(self, moment: int) -> Transaction:
        """The one before is over: what it told is written."""
        for earlier in self.transactions[-1:]:
            earlier.events.write()
        self.store.move_clock(moment)
        transaction = self.store.transaction(None, moment)
        self.transactions.append(transaction)
        return transaction
