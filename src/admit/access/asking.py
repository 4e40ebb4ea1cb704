"""What is open to whoever asks: from memory while that is fresh, else from the database.

One a process. The hot roads ask by what a request shows; code in this process by the person.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from admit.access.decision import NOTHING_KNOWN, Decision
from admit.access.revocation import forget_after_commits
from admit.access.service import access_of
from admit.access.snapshots import Snapshot, Snapshots
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.api_keys.service import note_use
from admit.accounts.credentials import Credential, Known, Recognition
from admit.accounts.deps import write_presence
from admit.accounts.sessions.service import is_due
from admit.core.http.state import Parts


class Asking:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database = parts.database
        self._clock = parts.clock
        self._snapshots = Snapshots()
        self._recognition = Recognition(parts)
        self._beside: set[asyncio.Task[None]] = set()
        self._one_reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        forget_after_commits(parts.database, self._snapshots)

    def known(self, user_id: str, feature: str) -> Decision | None:
        """A look into memory; None when nothing fresh is known of the person."""
        snapshot = self._snapshots.of_person(
            user_id, monotonic=self._clock.monotonic(), business=self._clock.business()
        )
        if snapshot is None:
            return None
        return snapshot.access.decisions.get(feature, NOTHING_KNOWN)

    async def may(self, user_id: str, feature: str) -> Decision:
        """Whether the person may use the feature; an unknown feature is open to nobody."""
        known = self.known(user_id, feature)
        if known is not None:
            return known
        async with self._turn_of(user_id):
            again = self.known(user_id, feature)
            return again or (await self._read(user_id)).access.decisions.get(feature, NOTHING_KNOWN)

    def warm(self, credential: Credential) -> Snapshot | None:
        """None when it has to be read; who goes on asking is read anew before that is so."""
        snapshot = self._find(credential)
        if snapshot is not None and snapshot.takes_renewal(monotonic=self._clock.monotonic()):
            self._do(self._renew(credential))
        return snapshot

    async def snapshot(self, credential: Credential) -> Snapshot | None:
        """None for what lets nobody in. Many who wait for one session are served by one reading.

        Raises `ScopeNeeded` for an API key that was made for something else.
        """
        async with self._turn_of(credential.name):
            return self._find(credential) or await self._load(credential)

    async def rest(self) -> None:
        """Until nothing goes on beside the answers."""
        await asyncio.gather(*self._beside, return_exceptions=True)

    def _find(self, credential: Credential) -> Snapshot | None:
        return self._snapshots.find(
            credential.name, monotonic=self._clock.monotonic(), business=self._clock.business()
        )

    def _turn_of(self, name: str) -> asyncio.Lock:
        return self._one_reading.setdefault(name, asyncio.Lock())

    async def _renew(self, credential: Credential) -> None:
        """Fails silently: the request that finds the snapshot too old reads, and tells, itself."""
        with suppress(Exception):
            async with self._turn_of(credential.name):
                if await self._load(credential) is None:
                    self._snapshots.forget({credential.name})

    async def _read(self, user_id: str) -> Snapshot:
        began = self._clock.monotonic()
        with self._snapshots.loading() as load:
            async with self._database.read() as db:
                access = await access_of(db, user_id, self._clock.business())
            return self._snapshots.remember(load, access, now=began)

    async def _load(self, credential: Credential) -> Snapshot | None:
        began, now = self._clock.monotonic(), self._clock.wall()
        with self._snapshots.loading() as load:
            async with self._database.read() as db:
                known = await self._recognition.of(db, credential, now=now)
                if known is None:
                    return None
                access = await access_of(db, known.person.id, self._clock.business())
            known.needs(Scope.access_read)
            self._note(known)
            until = began + known.seconds_left(now)
            return self._snapshots.remember(
                load, access, now=began, token_hash=credential.name, until=until
            )

    def _note(self, known: Known) -> None:
        """At most once a minute: that a key was used, or that somebody is here."""
        if known.key_id is None:
            if is_due(known.person, now=self._clock.wall()):
                self._do(write_presence(self._parts, known.person.session_id))
        elif known.use_is_due:
            self._do(self._note_use(known.key_id))

    async def _note_use(self, key_id: str) -> None:
        with suppress(SQLAlchemyError):
            async with self._database.write() as db:
                await note_use(db, key_id, now=self._clock.wall())

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """Beside the answer, which does not wait for it."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
