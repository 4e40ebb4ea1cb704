"""What one API call, or one thing that time brought, may do to the store.

Objects come out as dictionaries that belong to this transaction: the same id is the same
dictionary, and nothing is kept until `save`. Keys that begin with an underscore are the
simulator's own notes and are never shown.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stripe_simulator.errors import missing_resource
from stripe_simulator.shapes import Json
from stripe_simulator.state import objects
from stripe_simulator.state.counters import Counters
from stripe_simulator.state.difference import previous_attributes
from stripe_simulator.state.event_log import EventLog
from stripe_simulator.state.ids import make_id
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.references import References, references_of
from stripe_simulator.state.texts import public, shown_and_kept

__all__ = ["Cause", "Emit", "Transaction", "public"]

Emit = Callable[["Transaction", str, str, Json | None], None]
"""Told with the type of the event, the object as JSON text, and what it was before."""


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
        self._emit = emit
        self.events = EventLog(db)
        self._objects: dict[str, Json] = {}
        self._saved: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._references: dict[str, References] = {}

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
            self.events.write()
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

    def text_of(self, id_: str) -> str | None:
        """As it was kept last, notes included."""
        return self._saved.get(id_) or objects.text_of(self.db, id_)

    def need(self, kind: str, id_: str, *, param: str = "id") -> Json:
        found = self.get(id_, kind)
        if found is None or found.get("deleted"):
            raise missing_resource(kind.rpartition(".")[2].replace("_", " "), id_, param=param)
        return found

    def select(self, asked: Selection) -> list[Json]:
        if asked.kind == "event":
            self.events.write()
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

    def settled(self, kind: str) -> list[Json]:
        """All of a kind that hardly ever changes; shared, and only to be read."""
        return self.counters.settled(kind, lambda: self.find(kind))

    def has_any(self, kind: str) -> bool:
        """Whether one was ever made, deleted ones included."""
        return self.counters.has_kind(kind)

    def position(self, id_: str) -> int | None:
        return objects.position(self.db, id_)

    def add(self, obj: Json, event: str | None = None) -> Json:
        if self.test_clock and "test_clock" in obj:
            obj["test_clock"] = self.test_clock
        id_ = obj["id"]
        self._shown[id_], text = shown_and_kept(obj)
        pairs = references_of(obj)
        created = obj.get("created", self.now)
        objects.insert(self.db, obj, created=created, text=text, references=pairs)
        self.counters.made(obj["object"])
        self._objects[id_], self._saved[id_], self._references[id_] = obj, text, pairs
        if event:
            self.tell(event, self._shown[id_])
        return obj

    def save(self, obj: Json, event: str | None = None) -> Json:
        """Keep the changes; `event` is sent with what they replaced, and not when nothing did."""
        id_ = obj["id"]
        before = self._saved[id_]
        shown, text = shown_and_kept(obj)
        if text == before:
            return obj
        self.counters.changed(obj["object"])
        old, new = self._references_of(id_, before), references_of(obj)
        objects.update(self.db, obj, text=text, old=old, new=new)
        self._shown[id_], self._saved[id_], self._references[id_] = shown, text, new
        if event:
            previous = previous_attributes(public(json.loads(before)), public(obj))
            self.tell(event, shown, previous)
        return obj

    def publish(self, obj: Json, *events: str) -> Json:
        """Keep the changes, if there are any, and send each of these, whatever has changed."""
        self.save(obj)
        shown = self._shown.get(obj["id"]) or shown_and_kept(obj)[0]
        for event in events:
            self.tell(event, shown)
        return obj

    def remove(self, obj: Json, event: str | None = None) -> Json:
        tombstone = {"id": obj["id"], "object": obj["object"], "deleted": True}
        if event:
            self.emit(event, obj)
        pairs = self._references_of(obj["id"], self._saved[obj["id"]])
        self.counters.changed(obj["object"])
        objects.delete(self.db, obj, references=pairs, tombstone=tombstone)
        self._remember(obj["id"], json.dumps(tombstone))
        return tombstone

    def emit(self, event: str, obj: Json, previous: Json | None = None) -> None:
        """Of an object as it is now, kept or not."""
        self.tell(event, shown_and_kept(obj)[0], previous)

    def tell(self, event: str, shown: str, previous: Json | None = None) -> None:
        """An event about an object in the form of JSON text."""
        self.emitted += 1
        self._emit(self, event, shown, previous)

    def new_id(self, kind: str) -> str:
        return make_id(kind, epoch=self.epoch, counter=self.counters.next("ids"))

    def id_for(self, kind: str, name: str) -> str:
        """The id of the one object of this kind that is known by a name; always the same."""
        return make_id(kind, epoch=self.epoch, counter=name)

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
        self._shown.pop(id_, None)
        self._references.pop(id_, None)

    def _references_of(self, id_: str, text: str) -> References:
        """As they were when the object was kept last."""
        known = self._references.get(id_)
        return known if known is not None else references_of(json.loads(text))


def unheard(tx: Transaction, event: str, shown: str, previous: Json | None) -> None:
    """An event of what does not really happen."""
