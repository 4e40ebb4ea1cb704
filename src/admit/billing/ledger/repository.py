from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Subquery, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.invoices.models import Invoice
from admit.billing.invoices.repository import shown_to
from admit.billing.payments.models import Payment
from admit.billing.payments.repository import HAS_INVOICE, of_user
from admit.billing.reconciliation.places import Place, before


class Span(NamedTuple):
    """Times from the first up to, and without, the second."""

    start: datetime
    end: datetime


class Key(NamedTuple):
    """What an entry of the ledger is, `invoice` or `payment`, and its id."""

    what: str
    id: str


class Ledger:
    """Everything that was bought: invoices, and payments that were made without one."""

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def of_user(
        self,
        user_id: str,
        *,
        after: Place | None,
        limit: int,
        standings: Collection[str] = (),
        within: Span | None = None,
    ) -> Sequence[Key]:
        """Newest first."""
        entries = _entries(user_id)
        columns = entries.c
        newest = select(columns.what, columns.id).order_by(columns.at.desc(), columns.id.desc())
        if after is not None:
            newest = newest.where(before(after, columns.at, columns.id))
        if standings:
            newest = newest.where(columns.standing.in_(standings))
        if within is not None:
            newest = newest.where(columns.at >= within.start, columns.at < within.end)
        return [Key(*row) for row in await self.db.execute(newest.limit(limit))]

    async def place_of(self, user_id: str, entry_id: str) -> Place | None:
        columns = _entries(user_id).c
        row = (
            await self.db.execute(select(columns.at, columns.id).where(columns.id == entry_id))
        ).first()
        return Place(*row) if row else None

    async def span_of(self, user_id: str) -> tuple[datetime | None, datetime | None]:
        """When something was bought first, and when last."""
        at = _entries(user_id).c.at
        first, last = (await self.db.execute(select(func.min(at), func.max(at)))).one()
        return first, last


def _entries(user_id: str) -> Subquery:
    both: CompoundSelect[Any] = union_all(
        select(
            literal("invoice").label("what"),
            Invoice.id,
            Invoice.created_at.label("at"),
            Invoice.standing,
        ).where(*shown_to(user_id)),
        select(literal("payment"), Payment.id, Payment.created_at, Payment.standing).where(
            of_user(user_id), Payment.deleted.is_(False), ~HAS_INVOICE
        ),
    )
    return both.subquery("entries")
