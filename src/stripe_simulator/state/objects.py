"""The table of objects, as a collection: one statement a question."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stripe_simulator.shapes import Json
from stripe_simulator.state.references import References

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
FROM_VALUES = "o.seq IN (SELECT seq FROM refs WHERE kind = ? AND field = ? AND value IN (%s))"
HAS_VALUE = (
    "EXISTS (SELECT 1 FROM refs r WHERE r.kind = ? AND r.field = ? AND r.value IN (%s)"
    " AND r.seq = o.seq)"
)
NARROW = frozenset(
    {
        "_secret",
        "charge",
        "customer",
        "email",
        "event_name",
        "feature",
        "invoice",
        "item",
        "lookup_key",
        "meter",
        "payment_intent",
        "price",
        "product",
        "setup_intent",
        "source",
        "subscription",
        "test_clock",
        "type",
    }
)
"""Fields that few objects share a value of: a query begins with them, when they come first."""


@dataclass(frozen=True)
class Selection:
    """A list as it is asked for: newest first, from below `before` or (upwards) above `after`."""

    kind: str
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    created: Mapping[str, int] = field(default_factory=dict)
    before: int | None = None
    after: int | None = None
    limit: int | None = None


def insert(
    db: sqlite3.Connection, obj: Json, *, created: int, text: str, references: References
) -> None:
    cursor = db.execute(
        "INSERT INTO objects (id, kind, created, data) VALUES (?, ?, ?, ?)",
        (obj["id"], obj["object"], created, text),
    )
    write_references(db, obj["object"], cursor.lastrowid, references)


def update(
    db: sqlite3.Connection, obj: Json, *, text: str, old: References, new: References
) -> None:
    db.execute("UPDATE objects SET data = ? WHERE id = ?", (text, obj["id"]))
    if old != new:
        seq = position(db, obj["id"])
        erase_references(db, obj["object"], seq, old - new)
        write_references(db, obj["object"], seq, new - old)


def delete(db: sqlite3.Connection, obj: Json, *, references: References, tombstone: Json) -> None:
    """Deleted objects leave every list; the tombstone answers for the id from now on."""
    seq = position(db, obj["id"])
    erase_references(db, obj["object"], seq, references)
    db.execute(
        "UPDATE objects SET deleted = 1, data = ? WHERE id = ?", (json.dumps(tombstone), obj["id"])
    )


def text_of(db: sqlite3.Connection, id_: str) -> str | None:
    row = db.execute("SELECT data FROM objects WHERE id = ?", (id_,)).fetchone()
    return row[0] if row else None


def position(db: sqlite3.Connection, id_: str) -> int | None:
    row = db.execute("SELECT seq FROM objects WHERE id = ?", (id_,)).fetchone()
    return row[0] if row else None


def select(db: sqlite3.Connection, asked: Selection) -> list[tuple[str, str]]:
    """Pairs of id and JSON text, newest first."""
    conditions = ["o.kind = ?", "o.deleted = 0"]
    values: list[object] = [asked.kind]
    for place, (name, wanted) in enumerate(asked.where.items()):
        driving = place == 0 and name in NARROW
        conditions.append((FROM_VALUES if driving else HAS_VALUE) % ", ".join("?" * len(wanted)))
        values += [asked.kind, name, *wanted]
    for name, bound in asked.created.items():
        conditions.append(f"o.created {COMPARISONS[name]} ?")
        values.append(bound)
    if asked.before is not None:
        conditions.append("o.seq < ?")
        values.append(asked.before)
    if asked.after is not None:
        conditions.append("o.seq > ?")
        values.append(asked.after)
    order = "ASC" if asked.after is not None else "DESC"
    values.append(-1 if asked.limit is None else asked.limit)
    rows = db.execute(
        f"SELECT o.id, o.data FROM objects o WHERE {' AND '.join(conditions)}"  # noqa: S608 -- only marks
        f" ORDER BY o.seq {order} LIMIT ?",
        values,
    ).fetchall()
    return rows if order == "DESC" else rows[::-1]


def write_references(db: sqlite3.Connection, kind: str, seq: int | None, pairs: References) -> None:
    if not pairs:
        return
    db.executemany(
        "INSERT OR IGNORE INTO refs (kind, field, value, seq) VALUES (?, ?, ?, ?)",
        [(kind, name, value, seq) for name, value in pairs],
    )


def erase_references(db: sqlite3.Connection, kind: str, seq: int | None, pairs: References) -> None:
    if not pairs:
        return
    db.executemany(
        "DELETE FROM refs WHERE kind = ? AND field = ? AND value = ? AND seq = ?",
        [(kind, name, value, seq) for name, value in pairs],
    )
