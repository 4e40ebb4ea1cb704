"""What it takes to mirror one kind of object; each kind lives in its own slice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.models import MirrorRow
from admit.billing.reconciliation.ordering import Source, Written

Row = TypeVar("Row", bound=MirrorRow)


@dataclass(frozen=True, order=True)
class ObjectRef:
    """`kind` is Stripe's `object`: "subscription", "invoice", "checkout.session", …"""

    kind: str
    id: str


@dataclass(frozen=True)
class Look:
    """The look that is being written."""

    number: int
    source: Source
    second: int

    def columns(self) -> dict[str, Any]:
        return {"look": self.number, "look_source": self.source, "look_second": self.second}


@dataclass(frozen=True)
class Shape:
    """What we keep of Stripe's JSON.

    `values` are the columns of the mirror row, `parts` those of the rows that belong to it. Only a
    payload has to be `complete`: it is not when a list inside went on (`has_more`), when something
    is only there if it is asked for (`expand`), or when it cannot tell the clock that it lives by.
    `names` are other objects that it mentions.
    """

    id: str
    customer_id: str | None
    ended: bool
    complete: bool
    on_test_clock: bool
    values: Mapping[str, Any]
    names: Sequence[ObjectRef] = ()
    parts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    claims_account: str | None = None
    """The billing account that made it, by the metadata that we gave."""
    through: ObjectRef | None = None
    """Whose customer it is of, where Stripe does not say so in the object itself."""


@dataclass(frozen=True)
class Writing:
    """Everything a mirror may need inside the writing transaction."""

    db: AsyncSession
    account: BillingAccount
    look: Look
    business_now: datetime
    wall_now: datetime
    grace_days: int
    leeway_days: int
    ends_when_disputed: bool
    closing: bool = False
    """The overdue job asks: what has run out may end, for Stripe was asked just now."""
    follow: list[ObjectRef] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """Where Stripe lists something, and what has to be asked for there."""

    path: str
    asked: Mapping[str, Any] = field(default_factory=dict)


class Mirror(Protocol):
    """How one kind of object is asked for, read and written."""

    expands: Sequence[str] = ()
    """What Stripe shows inside the object only when it is asked for."""

    def path(self, object_id: str) -> str: ...

    def lists_elsewhere(self, payload: Mapping[str, Any]) -> Mapping[str, Listing]:
        """Of what this answer does not show the whole, by the name that `read` knows it under."""
        del payload
        return {}

    def read(self, payload: Mapping[str, Any]) -> Shape: ...

    async def written(self, db: AsyncSession, object_id: str) -> Written | None: ...

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None: ...

    async def write(self, writing: Writing, shape: Shape) -> None: ...

    async def mark_deleted(self, writing: Writing, object_id: str) -> None: ...


class MirrorOf(Mirror, Generic[Row]):
    """A kind whose objects are rows of one table."""

    table: type[Row]

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        row = await db.get(self.table, object_id, populate_existing=True)
        return row.written if row else None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        row = await db.get(self.table, object_id)
        if row is None:
            return None
        return (await db.get_one(BillingAccount, row.billing_account_id)).stripe_customer_id

    async def with_same_parts(self, db: AsyncSession, shapes: Sequence[Shape]) -> Collection[str]:
        """Which of these have the rows that belong to them as the shape says."""
        del db
        return {shape.id for shape in shapes}

    async def put(self, writing: Writing, shape: Shape) -> Row:
        row = await writing.db.merge(
            self.table(
                id=shape.id,
                stripe_account_id=writing.account.stripe_account_id,
                billing_account_id=writing.account.id,
                ended=shape.ended,
                deleted=False,
                **shape.values,
                **writing.look.columns(),
            )
        )
        await writing.db.flush()
        return row

    async def put_deleted(self, writing: Writing, object_id: str) -> Row:
        row = await writing.db.get_one(self.table, object_id)
        row.look, row.look_source = writing.look.number, writing.look.source
        row.look_second = writing.look.second
        row.deleted = row.ended = True
        await writing.db.flush()
        return row
