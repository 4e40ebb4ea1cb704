"""What is known of people who asked lately, so that asking again is a look-up.

A change in this process is honoured at once: its commit forgets the people it concerns. A change
in another process is honoured within `FRESH_SECONDS`: so old may a snapshot become before the
database is asked again. Nothing here waits or asks; times are the caller's.
"""

from collections.abc import Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from admit.access.service import Access

Header = tuple[bytes, bytes]

FRESH_SECONDS = 2.0
RENEWED_AFTER_SECONDS = 1.5
"""Who goes on asking is read anew before the snapshot is too old, and waits for nothing."""
MOST_PEOPLE = 4096

EVERYBODY = "*"
"""In place of a name: the change may concern anyone."""


class Answer(NamedTuple):
    """Ready to be sent, but for the id of the request."""

    status: int
    headers: Sequence[Header]
    body: bytes = b""
    etag: bytes = b""
    """Empty: it is sent whole whatever a client holds."""
    unchanged: Sequence[Header] = ()
    """What goes instead to a client that holds it."""


@dataclass(slots=True)
class Snapshot:
    access: Access
    fresh_until: float
    """Monotonic seconds."""
    sessions: dict[str, float] = field(default_factory=dict)
    """What a token is known under: until when (monotonic seconds) it is known to be alive."""
    answers: dict[Hashable, Answer] = field(default_factory=dict)
    """What was answered before, by what was asked."""
    is_renewed: bool = False
    """Somebody is reading it anew already."""

    def takes_renewal(self, *, monotonic: float) -> bool:
        """True once: for whoever is to read it anew while it still holds."""
        early = self.fresh_until - FRESH_SECONDS + RENEWED_AFTER_SECONDS
        if self.is_renewed or monotonic < early:
            return False
        self.is_renewed = True
        return True

    def is_fresh(self, *, monotonic: float, business: datetime) -> bool:
        if monotonic >= self.fresh_until:
            return False
        changes_at = self.access.changes_at
        return changes_at is None or business < changes_at


@dataclass(slots=True)
class Load:
    """A reading under way, and whom commits have concerned since it began."""

    forgotten: set[str] = field(default_factory=set)

    def is_outdated(self, *names: str) -> bool:
        return not self.forgotten.isdisjoint((EVERYBODY, *names))


class Snapshots:
    """Bounded: the people who were read longest ago are forgotten first."""

    def __init__(self, most_people: int = MOST_PEOPLE) -> None:
        self._most_people = most_people
        self._people: dict[str, Snapshot] = {}
        self._user_ids: dict[str, str] = {}
        self._loads: list[Load] = []

    def __len__(self) -> int:
        return len(self._people)

    def find(self, token_hash: str, *, monotonic: float, business: datetime) -> Snapshot | None:
        """By the token that somebody shows, as long as that is known to be alive."""
        snapshot = self.of_person(
            self._user_ids.get(token_hash, ""), monotonic=monotonic, business=business
        )
        if snapshot is None or monotonic >= snapshot.sessions.get(token_hash, 0.0):
            return None
        return snapshot

    def of_person(self, user_id: str, *, monotonic: float, business: datetime) -> Snapshot | None:
        """For who knows already who asks."""
        snapshot = self._people.get(user_id)
        if snapshot is None or not snapshot.is_fresh(monotonic=monotonic, business=business):
            return None
        return snapshot

    @contextmanager
    def loading(self) -> Iterator[Load]:
        """Spans a reading of the database: a commit meanwhile may make it old before it ends."""
        load = Load()
        self._loads.append(load)
        try:
            yield load
        finally:
            self._loads.remove(load)

    def remember(
        self,
        load: Load,
        access: Access,
        *,
        now: float,
        token_hash: str | None = None,
        until: float = float("inf"),
    ) -> Snapshot:
        """`now`: monotonic seconds at which the reading began. An outdated one is not kept.

        `token_hash`: of what they showed, which itself ends at `until`.
        """
        snapshot = Snapshot(access=access, fresh_until=now + FRESH_SECONDS)
        if token_hash is not None:
            snapshot.sessions[token_hash] = min(snapshot.fresh_until, until)
        if load.is_outdated(access.user_id, *snapshot.sessions):
            return snapshot
        before = self._drop(access.user_id)
        if before is not None:
            alive = {key: until for key, until in before.sessions.items() if until > now}
            snapshot.sessions = {**alive, **snapshot.sessions}
        self._people[access.user_id] = snapshot
        self._user_ids.update(dict.fromkeys(snapshot.sessions, access.user_id))
        while len(self._people) > self._most_people:
            self._drop(next(iter(self._people)))
        return snapshot

    def forget(self, names: Collection[str]) -> None:
        """By user id or by hash of a session's token; `EVERYBODY` names all."""
        for load in self._loads:
            load.forgotten.update(names)
        if EVERYBODY in names:
            self._people.clear()
            self._user_ids.clear()
        for name in names:
            self._drop(self._user_ids.get(name, name))

    def _drop(self, user_id: str) -> Snapshot | None:
        snapshot = self._people.pop(user_id, None)
        if snapshot is not None:
            for token_hash in snapshot.sessions:
                self._user_ids.pop(token_hash, None)
        return snapshot
