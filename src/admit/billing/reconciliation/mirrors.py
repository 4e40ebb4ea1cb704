"""What it takes to mirror one kind of object; each kind lives in its own slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.ordering import Source, Written


@dataclass(frozen=True, order=True)
class ObjectRef:
    """`kind` is Stripe's `object`: "subscription", "invoice", "checkout.session", "customer"."""

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

    `values` are the columns of the mirror row. `complete` is false when a list inside went on
    (`has_more`). `names` are other objects that it mentions.
    """

    id: str
    customer_id: str | None
    ended: bool
    complete: bool
    on_test_clock: bool
    values: Mapping[str, Any]
    names: Sequence[ObjectRef] = ()
    claims_account: str | None = None
    """The billing account that made it, by the metadata that we gave."""


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
    closing: bool = False
    """The overdue job asks: what has run out may end, for Stripe was asked just now."""
    follow: list[ObjectRef] = field(default_factory=list)


class Mirror(Protocol):
    long_lists: Sequence[str]
    """Lists inside the object of which Stripe shows the beginning; each has a path of its own."""

    def path(self, object_id: str) -> str: ...

    def read(self, payload: Mapping[str, Any]) -> Shape: ...

    async def written(self, db: AsyncSession, object_id: str) -> Written | None: ...

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None: ...

    async def write(self, writing: Writing, shape: Shape) -> None: ...

    async def mark_deleted(self, writing: Writing, object_id: str) -> None: ...
