"""A small model of our inbox and our mirror of one Stripe object, walked exhaustively.

From every state the walk takes every step that may come next: events arrive late, in any order
or never; their payloads are of the pinned version or of another; fetches, sweeps and repetitions
overlap; reactions run twice. A fetch has three moments: it takes its number, Stripe answers, the
answer is written. Two things are decided late, because nothing notices them earlier; this drops
no outcome. An event arrives just before something sees it in the inbox. When Stripe answered, and
which of the visible states a lagging replica showed, is chosen when the answer is written.

All decisions are asked of `Rules`; nothing here knows which answers are right. Assumed of Stripe:
the events of one object are created in the order of its changes.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import NamedTuple, NoReturn

from admit.billing.reconciliation.ordering import (
    SECOND_LOOK_AFTER,
    Seen,
    Source,
    Verdict,
    Written,
)
from tests.billing.reconciliation.ordering_rules import Events, Rules
from tests.billing.reconciliation.ordering_story import Story

LONG_AGO = -10_000
WRONGLY_DELETED = -1

NONE: Events = frozenset()


class Fetch(NamedTuple):
    """A fetch between its number and its write."""

    number: int
    taken: int
    known: Events
    newest: int | None
    knows_deletion: bool
    repeated_for: int | None


class Look(NamedTuple):
    """A durable job that will look at the object, not before the moment `due`."""

    due: int
    repeated_for: int | None


class State(NamedTuple):
    """Our side at one moment. `idle`: waiting events whose reaction has not begun."""

    moment: int
    arrived: Events
    waiting: Events
    idle: Events
    mirror: int
    row: Written | None
    fetches: tuple[Fetch, ...]
    looks: frozenset[Look]
    sweeps: int
    doubles: int
    swept_in_quiet: bool


class Divergence(AssertionError):
    """An interleaving that breaks a promise, told step by step."""


Step = tuple[tuple[object, ...], State]


@dataclass(kw_only=True)
class Walk:
    """Visits every state that a story can reach, each once, and counts the interleavings."""

    story: Story
    rules: Rules = field(default_factory=Rules)
    counted: dict[State, int] = field(default_factory=dict)
    trail: list[tuple[object, ...]] = field(default_factory=list)

    def interleavings(self) -> int:
        mirrored = Written(look=0, source=Source.fetch, second=LONG_AGO, ended=False)
        row = None if self.story.created_here else mirrored
        sweeps, doubles = self.story.sweeps, self.story.doubles
        start = State(0, NONE, NONE, NONE, 0, row, (), frozenset(), sweeps, doubles, False)
        return self._count(start)

    def _count(self, state: State) -> int:
        known = self.counted.get(state)
        if known is not None:
            return known
        total = int(self._may_end(state))
        for told, after in self._steps(state):
            self.trail.append(told)
            self._check_promises(state, after)
            total += self._count(_normal(after))
            self.trail.pop()
        if total == 0:
            self._fail("something is left pending for ever")
        self.counted[state] = total
        return total

    def _fail(self, promise: str) -> NoReturn:
        told = "\n".join(" ".join(map(str, step)) for step in self.trail)
        raise Divergence(f"{self.story}\n{promise}:\n{told}")

    def _may_end(self, state: State) -> bool:
        """Nothing is under way, and what was lost has been swept up: now all must be equal."""
        if state.moment < self.story.quiet or state.waiting or state.fetches or state.looks:
            return False
        if len(state.arrived) < self.story.truth and not state.swept_in_quiet:
            return False
        gone_unseen = state.row is None and self.story.kinds[-1] is Seen.deleted
        if state.mirror != self.story.truth and not gone_unseen:
            self._fail(f"the mirror ends at state {state.mirror}, Stripe at {self.story.truth}")
        return True

    def _check_promises(self, before: State, after: State) -> None:
        if before.row and before.row.ended and not (after.row and after.row.ended):
            self._fail("an ended object came back")
        if self.story.lag and (after.looks or after.fetches):
            return
        unseen = [event for event in after.arrived - after.waiting if event > after.mirror]
        if unseen:
            self._fail(f"handled {unseen}, but the mirror shows state {after.mirror}")

    def _steps(self, state: State) -> Iterator[Step]:
        if state.moment < self.story.quiet:
            moment = state.moment + 1
            yield ("now it is", self.story.moments[moment]), state._replace(moment=moment)
        for event in self._travelling(state) | state.idle:
            yield from self._reaction(_arrive(state, frozenset({event})), event)
        if state.doubles:
            again = state._replace(doubles=state.doubles - 1)
            for event in state.arrived - state.idle:
                yield from self._reaction(again, event)
        yield from self._jobs(state)
        for fetch in state.fetches:
            yield from self._answer(state, fetch)

    def _travelling(self, state: State) -> Events:
        sent = self.story.moments[state.moment][1]
        return frozenset(range(1, sent + 1)) - state.arrived

    def _reaction(self, state: State, event: int) -> Iterator[Step]:
        """The payload is of the pinned version, or of another: both are tried."""
        begun = state._replace(idle=state.idle - {event})
        if self.rules.may_use_payload(self.story.payload(event), state.row):
            for others in self._handled_with(begun, event):
                told = ("payload", event, "is written, handling also", set(others))
                yield told, self._payload_written(_arrive(begun, others), event, others)
        elif self.rules.ignores_refused_payloads:
            ignored = begun._replace(waiting=begun.waiting - {event})
            yield ("payload", event, "is ignored"), ignored
            return
        yield from self._number_taken(begun, None, "event", event)

    def _handled_with(self, state: State, event: int) -> Iterator[Events]:
        """Events taken together with this one; those left unhandled might as well come later."""
        created = self.story.created
        for others in _subsets((state.waiting | self._travelling(state)) - {event}):
            taken = {other: created(other) for other in others}
            if self.rules.handled_by_payload(created(event), taken) == others:
                yield others

    def _payload_written(self, state: State, event: int, others: Events) -> State:
        row = Written(
            look=_next_number(state),
            source=Source.payload,
            second=self.story.created(event),
            ended=self.story.is_over(event),
        )
        return _mirrored(_handle(state, others | {event}), event, row)

    def _number_taken(
        self, state: State, repeated_for: int | None, *cause: object
    ) -> Iterator[Step]:
        for arriving in _subsets(self._travelling(state)):
            seen = _arrive(state, arriving)
            newest = max(map(self.story.created, seen.arrived), default=None)
            deletion = any(self.story.kinds[event] is Seen.deleted for event in seen.arrived)
            number = _next_number(seen)
            fetch = Fetch(number, seen.moment, seen.arrived, newest, deletion, repeated_for)
            told = (*cause, "takes number", number, "knowing", set(seen.arrived))
            yield told, seen._replace(fetches=(*seen.fetches, fetch))

    def _jobs(self, state: State) -> Iterator[Step]:
        for look in state.looks:
            if look.due <= state.moment:
                rest = state._replace(looks=state.looks - {look})
                yield from self._number_taken(rest, look.repeated_for, "repetition")
        quiet = state.moment == self.story.quiet
        if state.sweeps and not quiet:
            swept = state._replace(sweeps=state.sweeps - 1)
            yield from self._number_taken(swept, None, "sweep")
        if quiet and not state.swept_in_quiet and self._travelling(state):
            swept = state._replace(swept_in_quiet=True)
            yield from self._number_taken(swept, None, "last sweep")

    def _answer(self, state: State, fetch: Fetch) -> Iterator[Step]:
        rest = state._replace(fetches=tuple(one for one in state.fetches if one != fetch))
        outcomes: dict[State, Step] = {}
        for date, shown in self.story.answers(fetch.taken, state.moment):
            step = self._outcome(rest, fetch, date, shown)
            outcomes.setdefault(step[1], step)
        yield from outcomes.values()

    def _outcome(self, rest: State, fetch: Fetch, date: int, shown: int) -> Step:
        seen = self._seen(rest, fetch, date, shown)
        verdict = self.rules.decide_fetch(rest.row, fetch.number, seen)
        told = ("fetch", fetch.number, "answered at", date, "state", shown, seen, verdict)
        if verdict is Verdict.done:
            return told, rest
        if verdict is Verdict.look_again:
            return told, self._look_at(rest, rest.moment, fetch.repeated_for)
        after = self._settled(rest, fetch, date)
        if verdict is Verdict.keep:
            return told, after
        over = seen in {Seen.ended, Seen.deleted}
        mirror = shown if over == self.story.is_over(shown) else WRONGLY_DELETED
        row = Written(look=fetch.number, source=Source.fetch, second=date, ended=over)
        return told, _mirrored(after, mirror, row)

    def _seen(self, rest: State, fetch: Fetch, date: int, shown: int) -> Seen:
        """Its customer is always found: the answer that makes a 404 most dangerous."""
        kind = self.story.kinds[shown]
        if kind not in {Seen.deleted, Seen.not_yet}:
            return kind
        return self.rules.meaning_of_missing(
            rest.row,
            answered_at=date,
            newest_event=fetch.newest,
            has_deletion_event=fetch.knows_deletion,
            customer_found=True,
        )

    def _settled(self, state: State, fetch: Fetch, date: int) -> State:
        after = _handle(state, self.rules.handled_by_fetch(fetch.known, state.waiting))
        if not self.rules.needs_second_look(date, fetch.newest, repeated_for=fetch.repeated_for):
            return after
        due = self.story.moments[state.moment][0] + SECOND_LOOK_AFTER
        return self._look_at(after, self.story.moment_at(due), fetch.newest)

    def _look_at(self, state: State, due: int, repeated_for: int | None) -> State:
        """In the quiet every fetch answers the truth, whatever it repeats."""
        look = Look(due, repeated_for if due < self.story.quiet else None)
        return state._replace(looks=state.looks | {look})


def _arrive(state: State, events: Events) -> State:
    new = events - state.arrived
    return state._replace(
        arrived=state.arrived | new, waiting=state.waiting | new, idle=state.idle | new
    )


def _handle(state: State, events: AbstractSet[int]) -> State:
    return state._replace(waiting=state.waiting - events, idle=state.idle - events)


def _mirrored(state: State, mirror: int, row: Written) -> State:
    """A sweep walks over our rows: one that is made after it is met by the next sweep."""
    swept = state.swept_in_quiet and state.row is not None
    return state._replace(mirror=mirror, row=row, swept_in_quiet=swept)


def _subsets(events: AbstractSet[int]) -> Iterator[Events]:
    sizes = range(len(events) + 1)
    return map(frozenset, chain.from_iterable(combinations(events, size) for size in sizes))


def _next_number(state: State) -> int:
    """Above every number still in play."""
    written = state.row.look if state.row else 0
    return max([written, *(fetch.number for fetch in state.fetches)]) + 1


def _normal(state: State) -> State:
    """States that differ in nothing that matters later are one.

    Of the numbers only their order matters, of what a fetch knew only what still waits.
    """
    row, waiting = state.row, state.waiting
    below = sum(fetch.number < row.look for fetch in state.fetches) if row else 0
    fetches = tuple(
        fetch._replace(number=place + (place >= below), known=fetch.known & waiting)
        for place, fetch in enumerate(state.fetches)
    )
    if row is not None and row.look != below:
        row = Written(look=below, source=row.source, second=row.second, ended=row.ended)
    return state._replace(row=row, fetches=fetches)
