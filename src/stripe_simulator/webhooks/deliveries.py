"""The background task that sends what the delivery table holds.

First attempts are made in order for each endpoint; what failed is tried again on its own schedule,
quickly at first so that an app which was restarted catches up by itself. Its pauses pass by the
wall clock, and with simulated time that is moved.
"""

import asyncio
import contextlib
import logging
import ssl
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from stripe_simulator.clock.wall import monotonic, wall_time
from stripe_simulator.shapes import HOUR, MINUTE, Json
from stripe_simulator.state.store import Store
from stripe_simulator.webhooks import endpoints, ledger
from stripe_simulator.webhooks.mischief import Mischief
from stripe_simulator.webhooks.payloads import payload
from stripe_simulator.webhooks.signatures import signature
from stripe_simulator.webhooks.wire import Wire, WireError

logger = logging.getLogger(__name__)
RETRY_AFTER = (1.0, 5.0, 30.0, 2.0 * MINUTE, 10.0 * MINUTE, 1.0 * HOUR, *[3.0 * HOUR] * 24)
"""Seconds until the next attempt; about three days in all, as Stripe has it."""
TIMEOUT = 20.0
WRONG_SECRET = "whsec_of_nobody"  # noqa: S105 -- it is meant to be wrong
LONGEST_SLEEP = 60.0
KEPT_TOGETHER = 20


@cache
def trust() -> ssl.SSLContext:
    """Made once a process: reading the certificates costs more than a simulator."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Sent:
    """`status` is None when nothing was answered."""

    status: int | None
    response: str
    error: str | None
    milliseconds: int

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Deliveries:
    """Call `ring` after a commit; `paused` leaves everything in the table."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.paused = False
        self.mischief = Mischief()
        self._bell = asyncio.Event()
        self._round = asyncio.Lock()
        self._done = asyncio.Condition()
        self._wire = Wire(trust=trust, timeout=TIMEOUT)
        self._outcomes: list[ledger.Outcome] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._wire.close()

    def ring(self) -> None:
        self._bell.set()

    def time_passed(self, seconds: int) -> None:
        """Simulated time was moved: whoever waits for another attempt has waited so long."""
        if seconds > 0:
            ledger.hasten(self.store.db, seconds, now=wall_time())
            self.ring()

    async def flush(self) -> None:
        """Returns when everything that was due has been attempted; at once while paused."""
        while not self.paused and ledger.due(self.store.db, wall_time(), limit=1):
            await self._send_due()

    async def told(self, kind: str, *, timeout: float) -> None:  # noqa: ASYNC109 -- a patience
        """Waits until the newest event of this kind has been attempted everywhere."""
        if self.paused or self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._done:
                await self._done.wait_for(lambda: self._attempted(kind))

    def _attempted(self, kind: str) -> bool:
        return not ledger.unattempted(self.store.db, kind, wall_time())

    async def _work(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self.flush()
            except Exception:
                logger.exception("Deliveries were interrupted")
                await asyncio.sleep(RETRY_AFTER[0])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._sleep()):
                    await self._bell.wait()

    def _sleep(self) -> float:
        due_at = ledger.next_due(self.store.db)
        if due_at is None or self.paused:
            return LONGEST_SLEEP
        return min(max(due_at - wall_time(), 0.01), LONGEST_SLEEP)

    async def _send_due(self) -> None:
        async with self._round:
            due = self.mischief.order(self._ready())
            by_endpoint = sorted(due, key=lambda one: one.endpoint)
            groups = [list(g) for _, g in groupby(by_endpoint, key=lambda one: one.endpoint)]
            try:
                await asyncio.gather(*(self._send_in_order(group) for group in groups))
            finally:
                self._keep_outcomes()
        async with self._done:
            self._done.notify_all()

    def _ready(self) -> list[ledger.Delivery]:
        """What is due, without what is held back for a while."""
        now = wall_time()
        ready: list[ledger.Delivery] = []
        held: list[ledger.Delivery] = []
        for one in ledger.due(self.store.db, now, limit=200):
            kept = self.mischief.holds_back(one.seq, attempts=one.attempts)
            (held if kept else ready).append(one)
        ledger.postpone(self.store.db, held, now + self.mischief.delay)
        return ready

    async def _send_in_order(self, group: list[ledger.Delivery]) -> None:
        """Whoever cannot be reached keeps what follows waiting, so that order is kept."""
        for index, delivery in enumerate(group):
            if self.paused:
                return
            if self.mischief.loses_one():
                ledger.give_up(self.store.db, delivery)
                continue
            sent = await self.send(delivery)
            if sent and sent.accepted and self.mischief.double:
                await self.send(delivery)
            if sent is not None and sent.status is None:
                later = wall_time() + retry_delay(delivery.attempts)
                ledger.postpone(self.store.db, group[index + 1 :], later)
                return

    async def send(self, delivery: ledger.Delivery) -> Sent | None:
        """One attempt, kept in the log. None when nobody listens, or the event is gone."""
        tx = self.store.reading()
        event, endpoint = tx.get(delivery.event), tx.get(delivery.endpoint)
        secret = endpoints.secret_of(tx, delivery.endpoint)
        if event is None or endpoint is None or secret is None or not listens(endpoint):
            ledger.give_up(self.store.db, delivery)
            return None
        body = payload(tx, event, version=endpoint["api_version"])
        secrets = endpoints.secrets_of(tx, delivery.endpoint, now=wall_time())
        if self.mischief.signs_wrongly():
            secrets = [WRONG_SECRET]
        sent = await self._post(endpoint["url"], body, secrets=secrets)
        delays = None if sent.accepted else retry_delay(delivery.attempts)
        attempt = ledger.Attempt(
            status=sent.status,
            response=sent.response,
            error=sent.error,
            milliseconds=sent.milliseconds,
            wall=wall_time(),
            simulated=self.store.now(),
        )
        retry_in = delays if delivery.attempts < len(RETRY_AFTER) else None
        self._outcomes.append(ledger.Outcome(delivery, attempt, sent.accepted, retry_in))
        if len(self._outcomes) >= KEPT_TOGETHER:
            self._keep_outcomes()
        return sent

    def _keep_outcomes(self) -> None:
        """What a crash takes away before is delivered again, as Stripe may do, too."""
        outcomes, self._outcomes = self._outcomes, []
        if outcomes:
            ledger.record(self.store.db, outcomes)

    async def _post(self, url: str, body: bytes, *, secrets: list[str]) -> Sent:
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature(body, *secrets, timestamp=int(wall_time())),
            "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        started = monotonic()
        try:
            status, text = await self._wire.post(url, body, headers)
        except WireError as error:
            return Sent(None, "", str(error), since(started))
        return Sent(status, text[:2000], None, since(started))


def listens(endpoint: Json) -> bool:
    """Whoever is deleted or disabled is told nothing, also of what was to be tried again."""
    return not endpoint.get("deleted") and bool(endpoint["status"] == "enabled")


def since(started: float) -> int:
    return round((monotonic() - started) * 1000)


def retry_delay(attempts: int) -> float:
    return RETRY_AFTER[min(attempts, len(RETRY_AFTER) - 1)]
