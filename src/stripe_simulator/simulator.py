"""One simulator: its store, its clock's ticking, its deliveries and its faults."""

import asyncio
import contextlib
import logging
from pathlib import Path

from stripe_simulator.api import idempotency
from stripe_simulator.api.faults import Faults
from stripe_simulator.clock.clock import Clock
from stripe_simulator.clock.wall import monotonic
from stripe_simulator.objects.account import account
from stripe_simulator.passing import run_due
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.webhooks import endpoints
from stripe_simulator.webhooks.deliveries import Deliveries
from stripe_simulator.webhooks.outbox import emit

logger = logging.getLogger(__name__)
SLICE = 0.05
LONGEST_SLEEP = 1.0
DEFAULT_SELLER = "Simulator"


class Simulator:
    def __init__(
        self,
        *,
        state: str | Path | None,
        base_url: str,
        webhook_url: str | None,
        webhook_secret: str | None,
        now: int | None = None,
        seller: str = DEFAULT_SELLER,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.webhook = (webhook_url, webhook_secret)
        self.seller = seller
        self.store = Store(state, base_url=self.base_url, emit=emit, clock=Clock(frozen_at=now))
        self.faults = Faults()
        self.deliveries = Deliveries(self.store)
        self.store.on_commit = self.deliveries.ring
        self._advancing = asyncio.Lock()
        self.speed = 1
        self.remembered: bytes | None = None
        self._ticker: asyncio.Task[None] | None = None
        self.furnish()

    def furnish(self) -> None:
        """What every simulator has from the beginning: an account and its endpoint."""
        with self.store.writing() as tx:
            self.name_account(tx)
        url, secret = self.webhook
        endpoints.set_own(self.store, url=url, secret=secret)

    def name_account(self, tx: Transaction) -> None:
        known = tx.find("account")
        if not known:
            tx.add(account(tx.new_id("account"), seller=self.seller, now=tx.now))
            return
        known[0]["business_profile"]["name"] = self.seller
        tx.save(known[0])

    async def start(self) -> None:
        self.deliveries.start()
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        if self._ticker:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
        await self.deliveries.stop()
        self.store.close()

    async def advance(self, moment: int) -> None:
        """Lets time pass until then; returns when everything due has been produced."""
        async with self._advancing:
            before = self.store.now()
            while not run_due(self.store, until=moment, seconds=SLICE):  # noqa: ASYNC110 -- others get their turn
                await asyncio.sleep(0)
            self.store.move_clock(moment)
            self.deliveries.time_passed(moment - before)

    def reset(self, *, now: int | None = None) -> None:
        """Everything is forgotten; ids carry a new epoch. `now` sets the time, back or forth."""
        self.store.clear(now=now)
        self.faults.clear()
        self.furnish()

    async def catch_up(self) -> None:
        timer = self.store.next_timer()
        if timer and timer[2] <= self.store.now():
            await self.advance(self.store.now())

    async def _hurry(self, seconds: float) -> None:
        """`speed` simulated seconds pass in each second; a clock that stands still runs, too."""
        if self.speed == 1:
            return
        stands = self.store.clock.frozen_at is not None
        ahead = int(seconds * (self.speed if stands else self.speed - 1))
        if ahead:
            await self.advance(self.store.now() + ahead)

    async def _tick(self) -> None:
        """A running clock brings what is due without being asked."""
        idempotency.forget_old(self.store.db)
        last = monotonic()
        while True:
            now = monotonic()
            try:
                await self._hurry(now - last)
                last = now
                await self.catch_up()
            except Exception:
                logger.exception("What was due could not be done")
            await asyncio.sleep(LONGEST_SLEEP)
