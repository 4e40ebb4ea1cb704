"""One page of a list at Stripe becomes our rows, in one transaction and under one look.

The number was taken before Stripe was asked. What an event told of within the lag of Stripe's
replicas, what events still wait to tell, and what cannot be compared with this answer is put aside:
it takes the road of every single look (`service.reconcile`), which also finishes its events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.context import Billing
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.reconciliation import drift, ordering
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.lists import READ_IN_THE_SAME_RUN
from admit.billing.reconciliation.mirrors import Look, MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.ordering import Seen, Source, Verdict, Written
from admit.billing.reconciliation.repository import Inbox
from admit.billing.reconciliation.service import writing_of

STATE = ("id", "look", "look_source", "look_second", "ended", "deleted")


@dataclass
class Tally:
    """What became of the objects of a page."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    unclaimed: int = 0
    aside: list[ObjectRef] = field(default_factory=list)
    """To be looked at one by one."""


@dataclass(frozen=True)
class Known:
    """Our row of an object, as far as it is compared."""

    written: Written
    deleted: bool
    values: Mapping[str, Any]

    def says(self, shape: Shape) -> bool:
        is_same = not self.deleted and self.written.ended == shape.ended
        return is_same and self.values == shape.values


@dataclass(frozen=True)
class Page:
    kind: str
    look: Look
    rows: Sequence[Mapping[str, Any]]

    @property
    def mirror(self) -> MirrorOf[Any]:
        mirror = MIRRORS[self.kind]
        if not isinstance(mirror, MirrorOf):
            raise TypeError(f"There are no rows of a {self.kind}.")
        return mirror

    def is_whole(self, row: Mapping[str, Any]) -> bool:
        return self.kind in READ_IN_THE_SAME_RUN or not self.mirror.lists_elsewhere(row)


async def write_page(billing: Billing, db: AsyncSession, page: Page) -> Tally:
    mirror, tally = page.mirror, Tally(seen=len(page.rows))
    shapes = [mirror.read(row) for row in page.rows if page.is_whole(row)]
    ids = [row["id"] for row in page.rows]
    accounts = await _owners(db, shapes)
    ours = [shape for shape in shapes if shape.id in accounts]
    whole = {shape.id for shape in shapes}
    tally.unclaimed = len(shapes) - len(ours)
    tally.aside = [ObjectRef(page.kind, each) for each in ids if each not in whole]
    told = await Inbox(db).told_of(ids, since=page.look.second - ordering.REPLICA_LAG)
    known = await _known(db, mirror, ours)
    intact = await mirror.with_same_parts(db, ours)
    same: list[str] = []
    for shape in ours:
        before = known.get(shape.id)
        verdict = _verdict(before, page.look, shape)
        if shape.id in told or shape.on_test_clock or verdict is Verdict.look_again:
            tally.aside.append(ObjectRef(page.kind, shape.id))
        elif verdict is not Verdict.write:
            continue
        elif before is not None and before.says(shape) and shape.id in intact:
            same.append(shape.id)
        else:
            writing = writing_of(billing, db, accounts[shape.id], page.look)
            await _note(writing, ObjectRef(page.kind, shape.id), shape, before)
            await mirror.write(writing, shape)
            tally.changed += before is not None
            tally.added += before is None
    await _confirm(db, mirror, same, page.look)
    return tally


def _verdict(known: Known | None, look: Look, shape: Shape) -> Verdict:
    seen = Seen.ended if shape.ended else Seen.present
    return ordering.decide_fetch(known.written if known else None, look.number, seen)


async def _note(writing: Writing, ref: ObjectRef, shape: Shape, before: Known | None) -> None:
    """What we did not know at all is no drift while everything is read."""
    if before is None or before.deleted:
        return
    found = drift.differences(before.values, shape.values)
    await drift.note_repaired(
        writing.db, ref, found, billing_account_id=writing.account.id, now=writing.wall_now
    )


async def _confirm(db: AsyncSession, mirror: MirrorOf[Any], ids: Sequence[str], look: Look) -> None:
    """What is the same was seen by a later look all the same."""
    if ids:
        table = mirror.table.__table__
        await db.execute(update(table).where(table.c.id.in_(ids)).values(**look.columns()))


async def _owners(db: AsyncSession, shapes: Sequence[Shape]) -> Mapping[str, BillingAccount]:
    """Object -> the billing account that it belongs to; each is locked, all in one order."""
    accounts = BillingAccounts(db)
    customers = {shape.customer_id for shape in shapes if shape.customer_id}
    found = await accounts.by_customers(customers)
    of_customer = {customer: account.id for customer, account in found.items()}
    through = await _accounts_through(db, shapes)
    owners = {
        shape.id: of_customer.get(shape.customer_id or "") or through.get(shape.id)
        for shape in shapes
    }
    locked = await accounts.lock_all({owner for owner in owners.values() if owner})
    return {id_: locked[owner] for id_, owner in owners.items() if owner}


async def _accounts_through(db: AsyncSession, shapes: Sequence[Shape]) -> Mapping[str, str]:
    """Of a refund, say: whose the payment is that it names."""
    found: dict[str, str] = {}
    for kind in {shape.through.kind for shape in shapes if shape.through}:
        mirror = MIRRORS[kind]
        if not isinstance(mirror, MirrorOf):
            continue
        named = {s.through.id: s.id for s in shapes if s.through and s.through.kind == kind}
        table = mirror.table
        rows = await db.execute(
            select(table.id, table.billing_account_id).where(table.id.in_(named))
        )
        found |= {named[parent]: account for parent, account in rows}
    return found


async def _known(
    db: AsyncSession, mirror: MirrorOf[Any], shapes: Sequence[Shape]
) -> Mapping[str, Known]:
    if not shapes:
        return {}
    names = list(shapes[0].values)
    columns = [getattr(mirror.table, name) for name in (*STATE, *names)]
    asked = select(*columns).where(mirror.table.id.in_([shape.id for shape in shapes]))
    found = {}
    for row in await db.execute(asked):
        id_, look, source, second, ended, deleted, *values = row
        written = Written(look=look, source=Source(source), second=second, ended=ended)
        found[id_] = Known(written, deleted, dict(zip(names, values, strict=True)))
    return found
