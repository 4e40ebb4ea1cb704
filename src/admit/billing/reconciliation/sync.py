"""`admit sync`: everything that Stripe has, by its lists, a hundred objects a call.

Each page is one transaction, which also moves the cursor: who is interrupted goes on there. At the
end, what we hold and no list showed is looked at one by one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.gateway import GatewayUnavailable
from admit.billing.gateway.client import Answer
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.lists import CUSTOMERS, LISTS, asked_of
from admit.billing.reconciliation.mirrors import Look, MirrorOf, ObjectRef
from admit.billing.reconciliation.models import SyncCursor, SyncRun
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.pages import Page, Tally, write_page
from admit.billing.reconciliation.repository import take_number
from admit.billing.reconciliation.service import reconcile
from admit.billing.reconciliation.sweep import COMPARED
from admit.core.ids import new_id

log = structlog.get_logger(__name__)

GOES_ON_WITHIN = timedelta(days=1)
"""A run that was left alone for longer is begun anew: too much has happened since."""

PAUSES = (1, 2, 5, 15, 30)
"""Seconds until a page is asked for again, when Stripe did not answer."""

Telling = Callable[[str, SyncCursor], None]
"""Told after each page: the kind, and how far its list has been read."""


async def sync(
    billing: Billing,
    *,
    anew: bool,
    tell: Telling,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Sequence[SyncCursor]:
    """What was found, by kind, in the order of reading.

    Raises `GatewayUnavailable` when Stripe stays away; the next call goes on where this one ended,
    unless it is to begin `anew`.
    """
    run = await _run(billing, anew=anew)
    reading = Reading(billing, run, tell, pause)
    for kind in LISTS:
        await reading.read(kind)
    await reading.look_at_the_unseen()
    return await _finish(billing, run)


class Reading:
    """One run, going through the lists."""

    def __init__(
        self,
        billing: Billing,
        run: SyncRun,
        tell: Telling,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._billing = billing
        self._run = run
        self._tell = tell
        self._pause = pause

    async def read(self, kind: str) -> None:
        cursor = await self._cursor(kind)
        ahead = None if cursor.done else asyncio.create_task(self._ask(kind, cursor.after))
        while ahead is not None:
            look, answer = await ahead
            rows = answer.body["data"]
            goes_on = bool(answer.body["has_more"] and rows)
            # The next page is on its way while this one is written.
            ahead = asyncio.create_task(self._ask(kind, rows[-1]["id"])) if goes_on else None
            page = Page(kind, Look(look, Source.fetch, answer.second), rows)
            try:
                tally, cursor = await self._write(page, done=not goes_on)
            except BaseException:
                if ahead is not None:
                    ahead.cancel()
                raise
            for ref in tally.aside:
                await reconcile(self._billing, ref, comparing=True)
            self._tell(kind, cursor)

    async def _ask(self, kind: str, after: str | None) -> tuple[int, Answer]:
        """The look's number first, then the question."""
        asked = asked_of(kind) | ({"starting_after": after} if after else {})
        for seconds in (*PAUSES, None):
            async with self._billing.database.write() as db:
                number = await take_number(db)
            try:
                return number, await self._billing.gateway.look(LISTS[kind].path, asked)
            except GatewayUnavailable:
                if seconds is None:
                    raise
                log.warning("billing.sync_waits", kind=kind, seconds=seconds)
                await self._pause(seconds)
        raise GatewayUnavailable

    async def _write(self, page: Page, *, done: bool) -> tuple[Tally, SyncCursor]:
        async with self._billing.database.write() as db:
            key = (self._run.id, page.kind)
            cursor = await db.get_one(SyncCursor, key, with_for_update=True)
            if page.kind == CUSTOMERS:
                tally = await _customers(db, page)
            else:
                tally = await write_page(self._billing, db, page)
            cursor.after = page.rows[-1]["id"] if page.rows else cursor.after
            cursor.done = done
            cursor.seen += tally.seen
            cursor.added += tally.added
            cursor.changed += tally.changed
            cursor.unclaimed += tally.unclaimed
        return tally, cursor

    async def _cursor(self, kind: str) -> SyncCursor:
        async with self._billing.database.write() as db:
            cursor = await db.get(SyncCursor, (self._run.id, kind))
            if cursor is None:
                before = await _count(db, kind, self._run.stripe_account_id)
                cursor = SyncCursor(run_id=self._run.id, kind=kind, before=before)
                db.add(cursor)
                await db.flush()
            return cursor

    async def look_at_the_unseen(self) -> None:
        """What no list showed may be gone, or Stripe's lists lag: each is asked for."""
        for kind, table in COMPARED.items():
            async with self._billing.database.read() as db:
                unseen = select(table.id).where(
                    table.stripe_account_id == self._run.stripe_account_id,
                    table.look < self._run.first_look,
                    table.deleted.is_(False),
                )
                missing = (await db.scalars(unseen)).all()
            for object_id in missing:
                await reconcile(self._billing, ObjectRef(kind, object_id), comparing=True)


async def _run(billing: Billing, *, anew: bool) -> SyncRun:
    stripe_account_id, now = await billing.stripe_account_id(), billing.clock.wall()
    async with billing.database.write() as db:
        newest = await db.scalar(
            select(SyncRun)
            .where(SyncRun.stripe_account_id == stripe_account_id)
            .order_by(SyncRun.started_at.desc(), SyncRun.id.desc())
            .limit(1)
        )
        if newest is not None and _goes_on(newest, now) and not anew:
            return newest
        run = SyncRun(
            id=new_id("syn"),
            stripe_account_id=stripe_account_id,
            first_look=await take_number(db),
            started_at=now,
        )
        db.add(run)
        return run


def _goes_on(run: SyncRun, now: datetime) -> bool:
    return run.finished_at is None and now - run.started_at < GOES_ON_WITHIN


async def _finish(billing: Billing, run: SyncRun) -> Sequence[SyncCursor]:
    """Every customer has been compared: the sweep need not do it today."""
    now = billing.clock.wall()
    async with billing.database.write() as db:
        (await db.get_one(SyncRun, run.id)).finished_at = now
        await db.execute(
            update(BillingAccount)
            .where(
                BillingAccount.stripe_account_id == run.stripe_account_id,
                BillingAccount.stripe_customer_id.is_not(None),
            )
            .values(looked_at=now)
        )
        found = {
            cursor.kind: cursor
            for cursor in await db.scalars(select(SyncCursor).where(SyncCursor.run_id == run.id))
        }
    return [found[kind] for kind in LISTS]


async def count_all(billing: Billing) -> Mapping[str, int]:
    """How many of each kind we hold."""
    stripe_account_id = await billing.stripe_account_id()
    async with billing.database.read() as db:
        return {kind: await _count(db, kind, stripe_account_id) for kind in LISTS}


async def _count(db: AsyncSession, kind: str, stripe_account_id: int) -> int:
    if kind == CUSTOMERS:
        mine = select(func.count()).where(
            BillingAccount.stripe_account_id == stripe_account_id,
            BillingAccount.stripe_customer_id.is_not(None),
            BillingAccount.customer_deleted_at.is_(None),
        )
        return await db.scalar(mine) or 0
    mirror = MIRRORS[kind]
    if not isinstance(mirror, MirrorOf):
        return 0
    table = mirror.table
    mine = select(func.count()).where(
        table.stripe_account_id == stripe_account_id, table.deleted.is_(False)
    )
    return await db.scalar(mine) or 0


async def _customers(db: AsyncSession, page: Page) -> Tally:
    """A customer's row is its person's billing account: the few that differ are looked at."""
    shapes = [MIRRORS[CUSTOMERS].read(row) for row in page.rows]
    accounts = await BillingAccounts(db).by_customers([shape.id for shape in shapes])
    tally = Tally(seen=len(shapes))
    for shape in shapes:
        account = accounts.get(shape.id)
        if account is None and shape.claims_account is None:
            tally.unclaimed += 1
            continue
        defaults = shape.values["default_payment_method_id"]
        if account is None or account.default_payment_method_id != defaults:
            tally.aside.append(ObjectRef(CUSTOMERS, shape.id))
    tally.changed = len(tally.aside)
    return tally
