"""Make our mirror of one object equal to Stripe's: the one writer of truth.

Entered by webhooks, by the return page after checkout, by sweeps, by the overdue job and by
commands. How competing looks are ordered is decided in `ordering` and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.events import DriftFound, LookAgain
from admit.billing.gateway import GatewayRefused
from admit.billing.reconciliation import drift, ordering
from admit.billing.reconciliation.claiming import claim_account
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import Look, Mirror, ObjectRef, Shape, Writing
from admit.billing.reconciliation.notices import record_notices
from admit.billing.reconciliation.ordering import Seen, Source, Verdict, Written
from admit.billing.reconciliation.repository import Inbox, Known
from admit.billing.reconciliation.settled import is_settled
from admit.core.events import record

log = structlog.get_logger(__name__)

MAX_LOOKS = 5
MAX_DEPTH = 3


class Outcome(StrEnum):
    written = "written"
    kept = "kept"
    """A later look had written, or the answer could not be the latest truth."""
    missing = "missing"
    """Stripe does not know it, and that is evidence of nothing; access stays as it is."""
    unclaimed = "unclaimed"
    """It belongs to a customer whom nobody here has been linked to."""


@dataclass(frozen=True)
class Found:
    """One answer of Stripe: the object, or a 404 and what the same key says of its customer."""

    shape: Shape | None
    second: int
    customer_found: bool = False


@dataclass(frozen=True)
class Sight:
    """One look: what was asked for, what was known before, and what Stripe said."""

    ref: ObjectRef
    known: Known
    found: Found
    repeated_for: int | None
    """The newest event of the look that this one repeats."""
    anew: bool = False
    comparing: bool = False

    @property
    def may_lag(self) -> bool:
        return ordering.needs_second_look(
            self.found.second,
            self.known.newest_event,
            repeated_for=self.repeated_for,
            on_test_clock=self.found.shape.on_test_clock if self.found.shape else False,
        )

    def seen(self, written: Written | None) -> Seen:
        if self.found.shape is not None:
            return Seen.ended if self.found.shape.ended else Seen.present
        return ordering.meaning_of_missing(
            written,
            answered_at=self.found.second,
            newest_event=self.known.newest_event,
            has_deletion_event=self.anew or self.known.has_deletion_event,
            customer_found=self.found.customer_found,
        )


async def reconcile(
    billing: Billing,
    ref: ObjectRef,
    *,
    repeated_for: int | None = None,
    depth: int = 0,
    anew: bool = False,
    comparing: bool = False,
) -> Outcome:
    """Fetch the object, write it if no later look has, and follow what it names.

    `anew`: the simulator's history is another one now, so that a 404 means what it says.
    `comparing`: nothing was said to have changed, so that a difference is drift and is noted.
    Raises `GatewayUnavailable` when Stripe does not answer; then nothing is changed.
    """
    for _ in range(MAX_LOOKS):
        async with billing.database.write() as db:
            known = await Inbox(db).take_look(ref.id)
        found = await _ask(billing, ref)
        sight = Sight(ref, known, found, repeated_for, anew, comparing)
        settled = await _settle(billing, sight)
        if settled.verdict is not Verdict.look_again:
            break
    if depth < MAX_DEPTH:
        await follow(billing, ref, settled.names, depth=depth)
    return settled.outcome


async def _ask(billing: Billing, ref: ObjectRef) -> Found:
    mirror = MIRRORS[ref.kind]
    asked = {"expand": list(mirror.expands)} if mirror.expands else None
    try:
        answer = await billing.gateway.look(mirror.path(ref.id), asked)
    except GatewayRefused as refusal:
        if not refusal.is_missing:
            raise
        return Found(
            shape=None,
            second=refusal.second,
            customer_found=await _customer_is_found(billing, mirror, ref),
        )
    whole = await _with_whole_lists(billing, mirror, answer.body)
    return Found(shape=mirror.read(whole), second=answer.second)


async def _with_whole_lists(
    billing: Billing, mirror: Mirror, body: Mapping[str, Any]
) -> Mapping[str, Any]:
    whole = dict(body)
    for name, listing in mirror.lists_elsewhere(body).items():
        pages = billing.gateway.pages(listing.path, listing.asked)
        rows = [row async for page in pages for row in page.body["data"]]
        whole[name] = {"data": rows, "has_more": False}
    return whole


async def _customer_is_found(billing: Billing, mirror: Mirror, ref: ObjectRef) -> bool:
    async with billing.database.read() as db:
        customer_id = await mirror.customer_of(db, ref.id)
    if customer_id is None:
        return False
    try:
        await billing.gateway.get(f"/v1/customers/{customer_id}")
    except GatewayRefused as refusal:
        if refusal.is_missing:
            return False
        raise
    return True


@dataclass(frozen=True)
class Settled:
    verdict: Verdict
    outcome: Outcome
    names: Sequence[ObjectRef] = ()


async def _settle(billing: Billing, sight: Sight) -> Settled:
    ref, known, found = sight.ref, sight.known, sight.found
    mirror, now = MIRRORS[ref.kind], billing.clock.wall()
    async with billing.database.write() as db:
        account = await claim_account(db, ref, found.shape, now=now)
        if account is None:
            return await _settle_unclaimed(billing, db, sight)
        written = await mirror.written(db, ref.id)
        seen = sight.seen(written)
        verdict = ordering.decide_fetch(written, known.number, seen)
        if verdict is Verdict.write:
            await _note_drift(billing, db, sight, account)
            look = Look(known.number, Source.fetch, found.second)
            await _write(writing_of(billing, db, account, look), mirror, ref, found.shape)
        if verdict in {Verdict.write, Verdict.keep}:
            await _finish(billing, db, sight)
        if seen is Seen.drift:
            await _raise_alarm(billing, db, ref, account)
    if verdict is Verdict.write:
        return Settled(verdict, Outcome.written, found.shape.names if found.shape else ())
    missing = seen in {Seen.not_yet, Seen.drift}
    return Settled(verdict, Outcome.missing if missing else Outcome.kept)


async def _settle_unclaimed(billing: Billing, db: AsyncSession, sight: Sight) -> Settled:
    """Somebody else's object waits until its customer is linked; nobody's object is left alone.
    One that neither we nor Stripe know has perhaps just been made, and the replica that answered
    lags.
    """
    if sight.found.shape is not None and sight.found.shape.customer_id is not None:
        await Inbox(db).leave_unclaimed(sight.known.waiting)
        return Settled(Verdict.keep, Outcome.unclaimed)
    await _finish(billing, db, sight)
    return Settled(Verdict.keep, Outcome.kept)


async def _finish(billing: Billing, db: AsyncSession, sight: Sight) -> None:
    """The events that were known are handled; an answer that may be stale is asked for again."""
    now, newest = billing.clock.wall(), sight.known.newest_event
    await record_notices(db, sight.known.notices, now=now)
    await Inbox(db).finish(sight.known.waiting, now=now)
    if newest is None or not sight.may_lag:
        return
    await record(
        db,
        LookAgain(kind=sight.ref.kind, object_id=sight.ref.id, newest_event=newest),
        now=now,
        key=f"look-again:{sight.ref.id}:{newest}",
        due_at=now + timedelta(seconds=ordering.SECOND_LOOK_AFTER),
    )


async def _write(writing: Writing, mirror: Mirror, ref: ObjectRef, shape: Shape | None) -> None:
    if shape is not None:
        await mirror.write(writing, shape)
    elif await mirror.written(writing.db, ref.id) is not None:
        await mirror.mark_deleted(writing, ref.id)


async def _note_drift(
    billing: Billing, db: AsyncSession, sight: Sight, account: BillingAccount
) -> None:
    ref, shape, now = sight.ref, sight.found.shape, billing.clock.wall()
    if shape is None:
        return
    await drift.note_found_again(db, ref, now=now)
    if not sight.comparing or sight.known.waiting:
        return
    found = await drift.differences_of(db, MIRRORS[ref.kind], ref, shape)
    if found:
        log.warning("billing.drift_repaired", kind=ref.kind, object=ref.id, fields=len(found))
        await drift.note_repaired(db, ref, found, billing_account_id=account.id, now=now)


async def _raise_alarm(
    billing: Billing, db: AsyncSession, ref: ObjectRef, account: BillingAccount
) -> None:
    log.error("billing.drift", kind=ref.kind, object=ref.id)
    now = billing.clock.wall()
    await drift.note_missing(db, ref, billing_account_id=account.id, now=now)
    alarm = DriftFound(kind=ref.kind, object_id=ref.id)
    await record(db, alarm, now=now, key=f"drift:{ref.id}")


def writing_of(
    billing: Billing,
    db: AsyncSession,
    account: BillingAccount,
    look: Look,
    *,
    closing: bool = False,
) -> Writing:
    return Writing(
        db=db,
        account=account,
        look=look,
        business_now=billing.clock.business(),
        wall_now=billing.clock.wall(),
        grace_days=billing.settings.access_grace_days,
        leeway_days=billing.settings.access_leeway_days,
        ends_when_disputed=billing.settings.access_ends_on_dispute == "opened",
        closing=closing,
    )


async def follow(
    billing: Billing, ref: ObjectRef, names: Sequence[ObjectRef], *, depth: int = 0
) -> None:
    """Look at what an object names where our mirror lacks it, or holds it as unfinished."""
    async with billing.database.read() as db:
        wanted = [named for named in names if not await is_settled(db, named, named_by=ref.kind)]
    for named in wanted:
        await reconcile(billing, named, depth=depth + 1)
