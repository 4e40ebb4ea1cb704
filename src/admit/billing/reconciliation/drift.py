"""What our mirror had wrong though no event was under way: kept with both values, for people.

A difference that an event explains is none: then the mirror is merely not there yet. What is
found by comparing is repaired by the same write that any look makes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.reconciliation.mirrors import Mirror, MirrorOf, ObjectRef, Shape
from admit.billing.reconciliation.models import Drift
from admit.core.ids import new_id

WHOLE = ""
"""In place of a field: the object itself is missing, here or at Stripe."""

FLEETING = frozenset({"hosted_url", "receipt_url", "pdf_url", "invoice_pdf"})
"""Addresses that Stripe makes anew when it likes."""


@dataclass(frozen=True)
class Difference:
    """JSON texts; None: there is nothing."""

    field: str
    ours: str | None
    theirs: str | None


def differences(ours: Mapping[str, Any] | None, theirs: Mapping[str, Any]) -> list[Difference]:
    """`ours` is None when the object was not known at all."""
    if ours is None:
        return [Difference(WHOLE, None, "known")]
    return [
        Difference(field, as_text(ours[field]), as_text(theirs[field]))
        for field in sorted(theirs.keys() - FLEETING)
        if ours[field] != theirs[field]
    ]


def as_text(value: object) -> str:
    return json.dumps(value, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def differences_of(
    db: AsyncSession, mirror: Mirror, ref: ObjectRef, shape: Shape
) -> list[Difference]:
    """Before the look is written. Of a kind that has no rows nothing can differ."""
    if not isinstance(mirror, MirrorOf):
        return []
    row = await db.get(mirror.table, ref.id)
    known = row is not None and not row.deleted
    ours = {field: getattr(row, field) for field in shape.values} if known else None
    return differences(ours, shape.values)


async def note_repaired(
    db: AsyncSession,
    ref: ObjectRef,
    found: Sequence[Difference],
    *,
    billing_account_id: str,
    now: datetime,
) -> None:
    """In the transaction that repairs them."""
    db.add_all(
        Drift(
            id=new_id("drf"),
            billing_account_id=billing_account_id,
            kind=ref.kind,
            object_id=ref.id,
            field=each.field,
            ours=each.ours,
            theirs=each.theirs,
            found_at=now,
            repaired_at=now,
        )
        for each in found
    )


async def note_missing(
    db: AsyncSession, ref: ObjectRef, *, billing_account_id: str, now: datetime
) -> None:
    """Stripe does not know it, and nobody deleted it: open until Stripe knows it again."""
    if await _open_one(db, ref) is None:
        db.add(
            Drift(
                id=new_id("drf"),
                billing_account_id=billing_account_id,
                kind=ref.kind,
                object_id=ref.id,
                field=WHOLE,
                ours="known",
                theirs=None,
                found_at=now,
                repaired_at=None,
            )
        )


async def note_found_again(db: AsyncSession, ref: ObjectRef, *, now: datetime) -> None:
    await db.execute(
        update(Drift)
        .where(Drift.object_id == ref.id, Drift.repaired_at.is_(None))
        .values(repaired_at=now)
    )


async def _open_one(db: AsyncSession, ref: ObjectRef) -> Drift | None:
    return await db.scalar(
        select(Drift).where(Drift.object_id == ref.id, Drift.repaired_at.is_(None))
    )


async def newest_drifts(db: AsyncSession, *, since: datetime, limit: int) -> Sequence[Drift]:
    """What is still open, and what was found since then; the newest first."""
    rows = await db.scalars(
        select(Drift)
        .where((Drift.repaired_at.is_(None)) | (Drift.found_at >= since))
        .order_by(Drift.repaired_at.is_not(None), Drift.found_at.desc(), Drift.id.desc())
        .limit(limit)
    )
    return rows.all()


async def forget_repaired(db: AsyncSession, *, before: datetime) -> None:
    await db.execute(delete(Drift).where(Drift.repaired_at < before))
