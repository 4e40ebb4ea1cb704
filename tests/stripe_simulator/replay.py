"""What was written beside what was told: every change of state has exactly one event.

A trigger of the database keeps each version of an object that was ever written, whoever wrote it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import public

Json = dict[str, Any]
FOLLOWED = ("subscription", "invoice", "payment_intent", "charge", "refund")
"""Objects that their events tell everything about."""

OWN_EVENT = {
    ("subscription", "canceled"): "customer.subscription.deleted",
    ("invoice", "draft"): "invoice.created",
    ("invoice", "open"): "invoice.finalized",
    ("invoice", "paid"): "invoice.paid",
    ("invoice", "void"): "invoice.voided",
    ("invoice", "uncollectible"): "invoice.marked_uncollectible",
    ("payment_intent", "requires_action"): "payment_intent.requires_action",
    ("payment_intent", "succeeded"): "payment_intent.succeeded",
    ("payment_intent", "canceled"): "payment_intent.canceled",
    ("charge", "succeeded"): "charge.succeeded",
    ("charge", "failed"): "charge.failed",
    ("refund", "failed"): "refund.failed",
}
"""The event that says by its type which state was reached; other states are told as updates."""

KEEP = """
CREATE TABLE written (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, data TEXT);
CREATE TRIGGER written_first AFTER INSERT ON objects BEGIN
  INSERT INTO written (kind, id, data) VALUES (NEW.kind, NEW.id, NEW.data); END;
CREATE TRIGGER written_again AFTER UPDATE OF data ON objects BEGIN
  INSERT INTO written (kind, id, data) VALUES (NEW.kind, NEW.id, NEW.data); END;
"""


def keep_versions(store: Store) -> None:
    store.db.executescript(KEEP)


def versions(store: Store) -> dict[str, list[Json]]:
    """By id, every version that was written, oldest first."""
    found: dict[str, list[Json]] = {}
    for kind, id_, data in store.db.execute("SELECT kind, id, data FROM written ORDER BY n"):
        if kind in FOLLOWED:
            found.setdefault(id_, []).append(json.loads(data))
    return found


def tellings(events: Iterable[Json]) -> dict[str, list[Json]]:
    """By id of their object, the events about it, oldest first."""
    found: dict[str, list[Json]] = {}
    for event in events:
        thing = event["data"]["object"]
        if thing.get("object") in FOLLOWED and thing.get("id"):
            found.setdefault(thing["id"], []).append(event)
    return found


def check_replay(store: Store) -> None:
    told = tellings(store.reading().find("event")[::-1])
    for id_, written in versions(store).items():
        events = told[id_]
        check_states(written, events)
        check_updates(events)
        assert events[-1]["data"]["object"] == json.loads(json.dumps(public(written[-1])))


def check_states(written: list[Json], events: list[Json]) -> None:
    """Each state was told of once, in the order in which it came about."""
    kind = written[0]["object"]
    states = list(changes(one["status"] for one in written))
    assert states == list(changes(event["data"]["object"]["status"] for event in events))
    types = Counter(event["type"] for event in events)
    for state, times in Counter(states).items():
        own = OWN_EVENT.get((kind, state))
        assert own is None or types[own] == times, (kind, state, types)
    if kind == "subscription":
        by_update = [one for one in states[1:] if (kind, one) not in OWN_EVENT]
        assert sum("status" in previous(event) for event in events) == len(by_update)


def check_updates(events: list[Json]) -> None:
    """What an update says to have replaced is what was told before: the events can be replayed."""
    for before, after in pairwise(events):
        if "previous_attributes" in after["data"]:
            older = undone(after["data"]["object"], previous(after))
            assert filled(older) == filled(before["data"]["object"]), after["type"]


def undone(thing: Json, replaced: Json) -> Json:
    """Members that were not there were null, as events say it."""
    older = dict(thing)
    for name, value in replaced.items():
        inner = older.get(name)
        both = isinstance(value, dict) and isinstance(inner, dict)
        older[name] = undone(inner, value) if both and inner is not None else value
    return older


def filled(thing: Any) -> Any:
    """Without what is null."""
    if not isinstance(thing, dict):
        return thing
    return {name: filled(value) for name, value in thing.items() if value is not None}


def previous(event: Json) -> Json:
    return event["data"].get("previous_attributes") or {}


def changes(values: Iterable[str]) -> Iterator[str]:
    """Without repetitions of the one before."""
    last = None
    for value in values:
        if value != last:
            yield value
        last = value
