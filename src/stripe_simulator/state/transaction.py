"""What one API call, or one thing that time brought, may do to the store.

Objects come out as dictionaries that belong to this transaction: the same id is the same
dictionary, and nothing is kept until `save`. Keys that begin with an underscore are the
simulator's own notes and are never shown.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from stripe_simulator.errors import missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state import objects
from stripe_simulator.state.counters import Counters
from stripe_simulator.state.difference import previous_attributes
from stripe_simulator.state.ids import make_id
from stripe_simulator.state.objects import Selection

Emit = Callable[["Transaction", str, Json, Json | None], None]


@dataclass(frozen=True)
class Cause:
    """The API request behind a change; both are null for what time brings."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Transaction:
    def __init__(
        self,
        db: sqlite3.Connection,
        *,
        now: int,
        epoch: str,
        base_url: str,
        emit: Emit,
        counters: Counters,
        cause: Cause | None = None,
    ) -> None:
        self.db = db
        self.counters = counters
        self.now = now
        self.epoch = epoch
        self.base_url = base_url
        self.cause = cause or Cause()
        self.emitted = 0
        self.test_clock: str | None = None
        self.endpoints: list[Json] | None = None
        self._emit = emit
        self._objects: dict[str, Json] = {}
        self._saved: dict[str, str] = {}

    def quiet(self) -> "Transaction":
        """Another view of the same store: its own objects, and events go nowhere."""
        return Transaction(
            self.db,
            now=self.now,
            epoch=self.epoch,
            base_url=self.base_url,
            emit=unheard,
            counters=self.counters,
        )

    def get(self, id_: str, kind: str | None = None) -> Json | None:
        """The object or its tombstone; None when there is none, or one of another kind."""
        if id_ not in self._objects:
            text = objects.text_of(self.db, id_)
            if text is None:
                return None
            self._remember(id_, text)
        found = self._objects[id_]
        if self._clocks_exist:
            self._live_in_the_time_of(found)
        return found if kind in (None, found["object"]) else None

    @cached_property
    def _clocks_exist(self) -> bool:
        return self.has_any("test_helpers.test_clock")

    def _live_in_the_time_of(self, found: Json) -> None:
        """An object of a customer on a test clock brings its time into this transaction."""
        if self.test_clock is not None:
            return
        clock = found.get("test_clock")
        owner = found.get("customer")
        if clock is None and isinstance(owner, str):
            text = objects.text_of(self.db, owner)
            clock = json.loads(text).get("test_clock") if text else None
        if clock is not None:
            text = objects.text_of(self.db, clock)
            known = json.loads(text) if text else {}
            if not known.get("deleted"):
                self.enter(known)

    def enter(self, clock: Json) -> None:
        """From here on it is the time of this test clock, and timers are its own."""
        self.__dict__["_clocks_exist"] = True
        self.test_clock = clock["id"]
        self.now = clock["frozen_time"]

    def next_of_clock(self, clock: str, *, until: int) -> tuple[str, str, int] | None:
        """What is due first for the customers of a test clock."""
        row = self.db.execute(
            "SELECT what, id, at FROM clock_timers WHERE clock = ? AND at <= ?"
            " ORDER BY at, seq LIMIT 1",
            (clock, until),
        ).fetchone()
        return (row[0], row[1], row[2]) if row else None

    def need(self, kind: str, id_: str, *, param: str = "id") -> Json:
        found = self.get(id_, kind)
        if found is None or found.get("deleted"):
            raise missing_resource(kind.rpartition(".")[2].replace("_", " "), id_, param=param)
        return found

    def select(self, asked: Selection) -> list[Json]:
        found = []
        for id_, text in objects.select(self.db, asked):
            if id_ not in self._objects:
                self._remember(id_, text)
            found.append(self._objects[id_])
        return found

    def find(self, kind: str, **where: str | Sequence[str]) -> list[Json]:
        """Every object with these values in its reference fields, newest first."""
        wanted = {k: [v] if isinstance(v, str) else v for k, v in where.items()}
        return self.select(Selection(kind, where=wanted))

    def has_any(self, kind: str) -> bool:
        """Whether one was ever made, deleted ones included."""
        found = self.db.execute("SELECT 1 FROM objects WHERE kind = ? LIMIT 1", (kind,))
        return found.fetchone() is not None

    def position(self, id_: str) -> int | None:
        return objects.position(self.db, id_)

    def add(self, obj: Json, event: str | None = None) -> Json:
        if self.test_clock and "test_clock" in obj:
            obj["test_clock"] = self.test_clock
        text = dumps(obj)
        objects.insert(self.db, obj, created=obj.get("created", self.now), text=text)
        self._objects[obj["id"]] = obj
        self._saved[obj["id"]] = text
        if event:
            self.emit(event, obj)
        return obj

    def save(self, obj: Json, event: str | None = None) -> Json:
        """Keep the changes; `event` is sent with what they replaced, and not when nothing did."""
        text, before = dumps(obj), self._saved[obj["id"]]
        if text == before:
            return obj
        old: Json = json.loads(before)
        objects.update(self.db, obj, before=old, text=text)
        self._saved[obj["id"]] = text
        if event:
            self.emit(event, obj, previous_attributes(public(old), public(obj)))
        return obj

    def remove(self, obj: Json, event: str | None = None) -> Json:
        tombstone = {"id": obj["id"], "object": obj["object"], "deleted": True}
        if event:
            self.emit(event, obj)
        objects.delete(self.db, json.loads(self._saved[obj["id"]]), tombstone=tombstone)
        self._remember(obj["id"], json.dumps(tombstone))
        return tombstone

    def emit(self, event: str, obj: Json, previous: Json | None = None) -> None:
        self.emitted += 1
        self._emit(self, event, public(obj), previous)

    def new_id(self, kind: str) -> str:
        return make_id(kind, epoch=self.epoch, counter=self.counters.next("ids"))

    def count(self, name: str) -> int:
        """The next number of a sequence without gaps: 1, 2, 3, ..."""
        row = self.db.execute(
            "INSERT INTO meta (key, value) VALUES (?, '1')"
            " ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
            (name,),
        ).fetchone()
        return int(row[0])

    def schedule(self, what: str, id_: str, at: int) -> None:
        """Do `what` to this object at that simulated second; a later call moves the time."""
        seq = self.counters.next("timers")
        if self.test_clock and not what.startswith("clock."):
            self.db.execute(
                "INSERT OR REPLACE INTO clock_timers (clock, what, id, at, seq)"
                " VALUES (?, ?, ?, ?, ?)",
                (self.test_clock, what, id_, at, seq),
            )
            return
        self.db.execute(
            "INSERT OR REPLACE INTO timers (what, id, at, seq) VALUES (?, ?, ?, ?)",
            (what, id_, at, seq),
        )

    def unschedule(self, what: str, id_: str) -> None:
        self.db.execute("DELETE FROM timers WHERE what = ? AND id = ?", (what, id_))
        if self.test_clock:
            self.db.execute("DELETE FROM clock_timers WHERE what = ? AND id = ?", (what, id_))

    def _remember(self, id_: str, text: str) -> None:
        self._objects[id_] = json.loads(text)
        self._saved[id_] = text


def unheard(tx: Transaction, event: str, obj: Json, previous: Json | None) -> None:
    """An event of what does not really happen."""


dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def public(obj: Json | Mapping[str, object]) -> Json:
    """Without the simulator's own notes."""
    return {key: value for key, value in obj.items() if not key.startswith("_")}
