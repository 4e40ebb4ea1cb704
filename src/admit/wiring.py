"""One of each part a process, put together for whichever door is opened."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from admit.accounts.password.service import Passwords
from admit.billing.context import Billing
from admit.billing.gateway import open_gateway
from admit.core.business_time import follow_business_time, keep_following
from admit.core.clock import Clock
from admit.core.config import Settings
from admit.core.crypto import Vault
from admit.core.db import Database
from admit.core.events.worker import Worker
from admit.core.faults import CrashPoints
from admit.core.http.state import Parts
from admit.core.http.templates import build_environment
from admit.core.versions import count_changes_of
from admit.dev.following import keep_in_step
from admit.worker import make_worker, reaction_names

ROUND_SECONDS = 8.0
"""A round talks to Stripe at most this long before a stop no longer waits for it."""


@dataclass(frozen=True)
class Wiring:
    parts: Parts
    billing: Billing
    passwords: Passwords
    worker: Worker

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The worker works while the block lasts, when this process has one."""
        await follow_business_time(self.parts.database, self.parts.clock)
        work = asyncio.create_task(self._work())
        following = [
            asyncio.create_task(self._follow_time_machine()),
            asyncio.create_task(self._follow_simulator()),
        ]
        try:
            yield
        finally:
            for each in following:
                each.cancel()
            await self._end(work)
            await asyncio.wait(following)
            self.billing.gateway.close()
            await self.parts.database.close()

    async def _work(self) -> None:
        if self.parts.settings.worker_in_process:
            await self.worker.run()

    async def _follow_time_machine(self) -> None:
        if self.parts.settings.uses_simulator:
            await keep_following(self.parts.database, self.parts.clock)

    async def _follow_simulator(self) -> None:
        """Where the worker works: one process is enough, and the others follow the row."""
        settings = self.parts.settings
        beside = settings.uses_simulator and not settings.is_production
        if beside and settings.worker_in_process:
            await keep_in_step(self.billing)

    async def _end(self, work: "asyncio.Task[None]") -> None:
        """It may finish its round; only one that takes too long is cancelled."""
        self.worker.stop()
        await asyncio.wait([work], timeout=ROUND_SECONDS)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def wire(settings: Settings, *, clock: Clock | None = None) -> Wiring:
    keep_what_was_imported()
    clock = clock or Clock()
    crash_points = CrashPoints(settings.test_crash_at)
    database = Database.of(settings, reactions=reaction_names(), crash_points=crash_points)
    count_changes_of(database)
    parts = Parts(
        settings=settings,
        clock=clock,
        database=database,
        vault=Vault(
            settings.admit_secret_key.get_secret_value(), former=settings.former_secret_keys
        ),
        templates=build_environment(
            now=clock.business,
            site_name=settings.admit_site_name,
            reload=not settings.is_production,
        ),
    )
    billing = Billing(
        settings=settings,
        database=database,
        clock=clock,
        vault=parts.vault,
        gateway=open_gateway(settings, crash_points=crash_points),
    )
    return Wiring(
        parts=parts,
        billing=billing,
        passwords=Passwords(memory_kib=settings.password_hash_memory_kib),
        worker=make_worker(parts, billing),
    )


def keep_what_was_imported() -> None:
    """From here on garbage is collected, and never again looked for among the modules."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
