"""The worker's lane for Stripe's events: group them by object and reconcile each object once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from anyio import CapacityLimiter, create_task_group
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.context import Billing
from admit.billing.gateway.client import API_VERSION
from admit.billing.reconciliation import ordering
from admit.billing.reconciliation.claiming import claim_account, customer_of
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import Look, ObjectRef, Shape
from admit.billing.reconciliation.notices import record_notices
from admit.billing.reconciliation.ordering import Payload, Source
from admit.billing.reconciliation.repository import RECONCILE, Inbox, take_number
from admit.billing.reconciliation.service import follow, reconcile, writing_of
from admit.billing.webhooks.routing import NOTICES, ROUTES
from admit.core.events.repository import Reactions
from admit.core.events.worker import LEASE, give_up_for_now, renewing_leases

BATCH = 100
OBJECTS_AT_ONCE = 4


@dataclass(frozen=True)
class Claimed:
    event_id: str
    type: str
    subject: str
    created: int
    attempts: int
    body: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return (self.event_id, RECONCILE)


class StripeLane:
    def __init__(self, billing: Billing) -> None:
        self._billing = billing
        self._at_once = CapacityLimiter(OBJECTS_AT_ONCE)

    async def __call__(self) -> int:
        """How many events were taken; looks at one object are merged into one."""
        billing, claimed = self._billing, await self._claim()
        groups = groupby(sorted(claimed, key=_object_of), key=_object_of)
        keys = [event.key for event in claimed]
        async with (
            renewing_leases(billing.database, billing.clock, keys),
            create_task_group() as tasks,
        ):
            for (kind, object_id), events in groups:
                tasks.start_soon(self._act, ObjectRef(kind, object_id), list(events))
        return len(claimed)

    async def _claim(self) -> list[Claimed]:
        billing, now = self._billing, self._billing.clock.wall()
        async with billing.database.read() as db:
            if not await Reactions(db).any_due([RECONCILE], now=now):
                return []
        async with billing.database.write() as db:
            rows = await Reactions(db).claim([RECONCILE], now=now, lease=LEASE, limit=BATCH)
            return [
                Claimed(
                    event_id=event.id,
                    type=event.name,
                    subject=event.subject or "",
                    created=event.occurred,
                    attempts=reaction.attempts,
                    body=json.loads(event.payload),
                )
                for reaction, event in rows
            ]

    async def _act(self, ref: ObjectRef, events: Sequence[Claimed]) -> None:
        billing, keys = self._billing, [event.key for event in events]
        async with self._at_once:
            try:
                await act_on(billing, ref, events)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is retried and shown
                attempts = max(event.attempts for event in events)
                await give_up_for_now(billing.database, billing.clock, keys, attempts, error)


def _object_of(event: Claimed) -> tuple[str, str]:
    """An event of a type that another version of Admit routed waits for that version."""
    route = ROUTES.get(event.type)
    return (route.kind if route else "", event.subject)


async def act_on(billing: Billing, ref: ObjectRef, events: Sequence[Claimed]) -> None:
    """From a payload where that is enough, else by a fetch."""
    newest = _newest(events)
    if newest is None or not await _write_payload(billing, ref, newest, events):
        await reconcile(billing, ref)


def _newest(events: Sequence[Claimed]) -> Claimed | None:
    """Two changes within one second cannot be told apart by their payloads."""
    second = max(event.created for event in events)
    last = [event for event in events if event.created == second]
    return last[0] if len(last) == 1 else None


async def _write_payload(
    billing: Billing, ref: ObjectRef, newest: Claimed, events: Sequence[Claimed]
) -> bool:
    if newest.body.get("api_version") != API_VERSION or not ROUTES[newest.type].shows_it:
        return False
    mirror = MIRRORS[ref.kind]
    shape = mirror.read(newest.body["data"]["object"])
    payload = Payload(
        created=newest.created,
        api_version=newest.body["api_version"],
        on_test_clock=shape.on_test_clock,
        complete=shape.complete,
        ended=shape.ended,
    )
    async with billing.database.write() as db:
        if shape.through is not None and await customer_of(db, ref, shape) is None:
            return False
        account = await claim_account(db, ref, shape, now=billing.clock.wall())
        if account is None:
            await Inbox(db).leave_unclaimed([event.event_id for event in events])
            return True
        written = await mirror.written(db, ref.id)
        if not ordering.may_use_payload(payload, written, pinned_version=API_VERSION):
            return False
        look = Look(await take_number(db), Source.payload, newest.created)
        await mirror.write(writing_of(billing, db, account, look), shape)
        await _finish(db, events, now=billing.clock.wall())
    await _follow_unknown(billing, ref, shape)
    return True


async def _finish(db: AsyncSession, events: Sequence[Claimed], *, now: datetime) -> None:
    notices = [event.event_id for event in events if event.type in NOTICES]
    await record_notices(db, notices, now=now)
    await Inbox(db).finish([event.event_id for event in events], now=now)


async def _follow_unknown(billing: Billing, ref: ObjectRef, shape: Shape) -> None:
    async with billing.database.read() as db:
        unknown = [
            named
            for named in shape.names
            if await MIRRORS[named.kind].written(db, named.id) is None
        ]
    await follow(billing, ref, unknown)
