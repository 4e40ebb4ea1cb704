"""Which of several competing looks at Stripe may write our mirror of one object.

Pure decisions of plain values: no database, no clock, no Stripe object. The webhook worker, the
return page, the sweeps and the "refresh" button all ask here, and nothing else decides. Every
clause about order was found necessary by enumerating the interleavings; the model's controls
take them away one by one and show the divergence that follows.

What the caller owes, because no pure function can see it:

* One counter for all looks. Taking a number locks the counter, *then* reads which events of the
  object the inbox knows, in one short transaction: the order of numbers is the order of those
  readings. (A database sequence is not enough: two takers could read in the other order.)
* A fetch takes its number before it asks and holds nothing while it asks; a payload takes its
  number in the transaction that writes it, after the billing account is locked.
* The write, the marking of its events and the row of a second look commit together.

Seconds are always Stripe's: an event's `created`, or the `Date` header of an answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar, assert_never

Event = TypeVar("Event")

CLOCK_MARGIN: Final = 5
"""Seconds by which a `Date` header and an event's `created` may disagree."""

REPLICA_LAG: Final = 60
"""Seconds by which an answer of Stripe may be behind its own events."""

SECOND_LOOK_AFTER: Final = 120
"""Seconds from a doubtful fetch to its repetition: past any lag of the events known by then."""


class Source(StrEnum):
    """Where the last write of a mirror row came from."""

    payload = "payload"
    fetch = "fetch"


class Seen(StrEnum):
    """What a fetch found."""

    present = "present"
    ended = "ended"
    """Canceled, deleted or void: Stripe still answers, and the object never comes back."""
    deleted = "deleted"
    """404, and it means what it says."""
    not_yet = "not_yet"
    """404, perhaps only from a replica that lags: no evidence of anything."""
    drift = "drift"
    """404 although nobody deleted it: another account's key, or a restored Stripe. Alarm."""


class Verdict(StrEnum):
    """What a fetch may do with its answer."""

    write = "write"
    """Write the row; its events are handled."""
    keep = "keep"
    """The answer cannot be the latest truth: the row stays as it is; its events are handled."""
    done = "done"
    """A later fetch has written, and handled every event that this one could."""
    look_again = "look_again"
    """A payload has written meanwhile, and cannot be compared: fetch under a new number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The last write of a mirror row; a row that was never written is `None`."""

    look: int
    source: Source
    second: int
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What is worth knowing of the object inside an event before it may be believed.

    `complete`: holds everything that we mirror (no list with `has_more`, no field that only
    `expand` fills). `ended`: shows the object canceled, deleted or void.
    """

    created: int
    api_version: str
    on_test_clock: bool
    complete: bool
    ended: bool


def may_use_payload(payload: Payload, written: Written | None, *, pinned_version: str) -> bool:
    """Whether the event's own object may be written; if not, fetch: never ignore the event.

    Two changes may share a second, and a payload does not tell which came last, so only a later
    second is later. A fetched row carries another clock's second, hence the margin.
    """
    if payload.api_version != pinned_version or payload.on_test_clock or not payload.complete:
        return False
    if written is None:
        return True
    if written.ended and not payload.ended:
        return False
    match written.source:
        case Source.payload:
            return payload.created > written.second
        case Source.fetch:
            return payload.created > written.second + CLOCK_MARGIN
        case _ as never:
            assert_never(never)


def decide_fetch(written: Written | None, look: int, seen: Seen) -> Verdict:
    """Whether the fetch with number `look` may write what it has seen.

    The number is older than the question, so an answer under a higher number knows every event
    that this one knew; that is why the later fetch wins and this one is done. A payload knows
    only itself: it may be older than our answer or newer, and only a new look can tell.
    """
    if written is not None and written.look > look:
        return _refused_by(written.source)
    match seen:
        case Seen.ended | Seen.deleted:
            return Verdict.write
        case Seen.present:
            comes_back = written is not None and written.ended
            return Verdict.keep if comes_back else Verdict.write
        case Seen.not_yet | Seen.drift:
            return Verdict.keep
        case _ as never:
            assert_never(never)


def _refused_by(source: Source) -> Verdict:
    match source:
        case Source.fetch:
            return Verdict.done
        case Source.payload:
            return Verdict.look_again
        case _ as never:
            assert_never(never)


def handled_by_fetch(known: Collection[Event], waiting: Collection[Event]) -> frozenset[Event]:
    """The events that a fetch settles: those it knew when it took its number and still waiting.

    An event that came later may tell of a change later than the answer.
    """
    return frozenset(known) & frozenset(waiting)


def handled_by_payload(created: int, waiting: Mapping[Event, int]) -> frozenset[Event]:
    """The other events that a written payload settles: those of an earlier second.

    `waiting` maps each event of the object that was taken together with it to its `created`.
    One of the same second may tell of a later change and has to be looked at.
    """
    return frozenset(event for event, second in waiting.items() if second < created)


def needs_second_look(
    answered_at: int,
    newest_event: int | None,
    *,
    repeated_for: int | None = None,
    on_test_clock: bool = False,
) -> bool:
    """Whether the fetch answered at this second is to be repeated after `SECOND_LOOK_AFTER`.

    `newest_event` is the latest `created` among the object's events, handled or not, that the
    inbox knew when the number was taken. `repeated_for` is what `newest_event` was when the look
    that this one repeats asked for a repetition; `None` for a first look. A repetition is itself
    repeated when a newer event has come since: a lagging answer could undo that event's payload
    for good. It is not repeated for the same event, so that this ends even where the object's
    seconds are a test clock's and cannot be compared with the answer's.
    """
    if newest_event is None:
        return False
    if repeated_for is not None and newest_event <= repeated_for:
        return False
    return on_test_clock or answered_at - newest_event <= REPLICA_LAG


def meaning_of_missing(
    written: Written | None,
    *,
    answered_at: int,
    newest_event: int | None,
    has_deletion_event: bool,
    customer_found: bool,
) -> Seen:
    """What a 404 answered at this second tells; `newest_event` as in `needs_second_look`.

    Deleted only when Stripe said so in an event, or when the same key still finds the customer.
    But an object just made may be missing on a lagging replica, and what is once marked deleted
    never comes back: so without a deletion event, a 404 is no evidence within the lag of the
    last second at which the object was known to exist, nor for an object never known at all.
    """
    if has_deletion_event:
        return Seen.deleted
    known_at = [newest_event, written.second if written else None]
    last_alive = max((second for second in known_at if second is not None), default=None)
    if last_alive is None or answered_at - last_alive <= REPLICA_LAG:
        return Seen.not_yet
    return Seen.deleted if customer_found else Seen.drift
