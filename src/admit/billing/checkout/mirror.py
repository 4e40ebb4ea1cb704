from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.checkout.models import CheckoutSession, CheckoutStatus
from admit.billing.checkout.repository import Checkouts
from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.mirrors import ObjectRef, Shape, Writing
from admit.billing.reconciliation.ordering import Written
from admit.billing.reconciliation.reading import id_of
from admit.core.clock import from_seconds

ENDED = frozenset({"complete", "expired"})


class CheckoutMirror:
    long_lists: Sequence[str] = ()

    def path(self, object_id: str) -> str:
        return f"/v1/checkout/sessions/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        subscription = id_of(payload["subscription"])
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=payload["status"] == "expired",
            complete=True,
            on_test_clock=False,
            values={
                "status": payload["status"],
                "payment_status": payload["payment_status"],
                "subscription_id": subscription,
                "created_at": from_seconds(payload["created"]),
            },
            names=[ObjectRef("subscription", subscription)] if subscription else [],
        )

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        row = await db.get(CheckoutSession, object_id, populate_existing=True)
        return row.written if row else None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        row = await db.get(CheckoutSession, object_id)
        if row is None:
            return None
        return (await db.get_one(BillingAccount, row.billing_account_id)).stripe_customer_id

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await writing.db.merge(
            CheckoutSession(
                id=shape.id,
                stripe_account_id=writing.account.stripe_account_id,
                billing_account_id=writing.account.id,
                deleted=False,
                ended=shape.ended,
                **{**shape.values, **writing.look.columns()},
            )
        )
        if row.status in ENDED:
            await self._close_wish(writing, row.id, CheckoutStatus(row.status))

    async def _close_wish(self, writing: Writing, session_id: str, status: CheckoutStatus) -> None:
        checkout = await Checkouts(writing.db).by_session(session_id)
        if checkout is not None:
            checkout.status = status

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await self._close_wish(writing, object_id, CheckoutStatus.expired)
