"""The state as bytes, and back again."""

import sqlite3

from stripe_simulator.control.refusal import Refused
from stripe_simulator.state.ids import new_epoch
from stripe_simulator.state.schema import TABLES
from stripe_simulator.state.store import Store


def snapshot(store: Store) -> bytes:
    return store.db.serialize()


def restore(store: Store, data: bytes) -> None:
    """What was deleted comes back, what came later is gone; the epoch and the time are new."""
    kept_now = store.now()
    source = sqlite3.connect(":memory:")
    try:
        source.deserialize(writable(data))
        copies = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}  # noqa: S608 -- our own names
    except sqlite3.Error:
        raise Refused("That is not a snapshot.") from None
    finally:
        source.close()
    store.db.execute("BEGIN IMMEDIATE")
    for table, rows in copies.items():
        store.db.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own names
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            store.db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    store.db.execute("COMMIT")
    store.counters.forget()
    store.epoch = new_epoch()
    store.keep("epoch", store.epoch)
    store.move_clock(kept_now)


def writable(data: bytes) -> bytes:
    """A database of a file in WAL mode names that in its header; memory knows no WAL."""
    header = bytearray(data[:20])
    if len(header) == 20:
        header[18:20] = b"\x01\x01"
    return bytes(header) + data[20:]
