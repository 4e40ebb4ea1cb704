"""The rows that belong to a subscription: its items, and what is taken off."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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
