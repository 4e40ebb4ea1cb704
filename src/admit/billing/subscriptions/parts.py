"""The rows that belong to a subscription: its items, and what is taken off."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.reconciliation.mirrors import Shape
from admit.billing.subscriptions.models import (
    Subscription,
    SubscriptionDiscount,
    SubscriptionItem,
)

Part = TypeVar("Part", SubscriptionItem, SubscriptionDiscount)
Columns = Mapping[str, Any]


async def keep_parts(
    db: AsyncSession,
    row: Subscription,
    parts: Mapping[str, Sequence[Columns]],
    *,
    had_discounts: bool,
) -> None:
    await _keep(db, SubscriptionItem, row, parts["items"])
    if had_discounts or row.has_discounts:
        await _keep(db, SubscriptionDiscount, row, parts["discounts"])


async def _keep(
    db: AsyncSession, table: type[Part], row: Subscription, wanted: Sequence[Columns]
) -> None:
    """Only what differs is written."""
    found = await db.scalars(select(table).where(table.subscription_id == row.id))
    known = {part.id: part for part in found}
    for columns in wanted:
        part = known.pop(columns["id"], None)
        if part is None:
            db.add(table(subscription_id=row.id, **columns))
            continue
        for name, value in columns.items():
            if getattr(part, name) != value:
                setattr(part, name, value)
    for gone in known.values():
        await db.delete(gone)


async def with_same_parts(db: AsyncSession, shapes: Sequence[Shape]) -> frozenset[str]:
    """Which of these subscriptions have exactly these items and discounts."""
    ids = [shape.id for shape in shapes]
    items = await _kept(db, SubscriptionItem, ids, shapes, "items")
    discounted = [shape.id for shape in shapes if shape.values["has_discounts"]]
    discounts = await _kept(db, SubscriptionDiscount, discounted, shapes, "discounts")
    return frozenset(
        shape.id
        for shape in shapes
        if items.get(shape.id, {}) == by_id(shape.parts["items"])
        and discounts.get(shape.id, {}) == by_id(shape.parts["discounts"])
    )


def by_id(parts: Sequence[Columns]) -> Mapping[str, Columns]:
    return {part["id"]: part for part in parts}


async def _kept(
    db: AsyncSession, table: type[Part], ids: Sequence[str], shapes: Sequence[Shape], name: str
) -> Mapping[str, Mapping[str, Columns]]:
    """By subscription, then by the part's id."""
    names = next((list(part) for shape in shapes for part in shape.parts[name]), None)
    if names is None or not ids:
        return {}
    columns = [getattr(table, each) for each in names]
    found: dict[str, dict[str, Columns]] = {}
    asked = select(table.subscription_id, *columns).where(table.subscription_id.in_(ids))
    for owner, *values in await db.execute(asked):
        part = dict(zip(names, values, strict=True))
        found.setdefault(owner, {})[part["id"]] = part
    return found
