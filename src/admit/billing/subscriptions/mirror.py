from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.customers.models import BillingAccount
from admit.billing.events import CancellationScheduled, SubscriptionEnded
from admit.billing.reconciliation.mirrors import Look, ObjectRef, Shape, Writing
from admit.billing.reconciliation.ordering import Written
from admit.billing.reconciliation.reading import id_of, is_whole, time_of
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.models import Subscription
from admit.core.clock import from_seconds, to_seconds
from admit.core.events import record

ENDED = frozenset({"canceled", "incomplete_expired"})


class SubscriptionMirror:
    long_lists: Sequence[str] = ()

    def path(self, object_id: str) -> str:
        return f"/v1/subscriptions/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """Periods are read from the items: since API 2025-03-31.basil the subscription has none
        (https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end).
        """
        item = payload["items"]["data"][0]
        latest_invoice = id_of(payload["latest_invoice"])
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=payload["status"] in ENDED,
            complete=is_whole(payload["items"]),
            on_test_clock=payload.get("test_clock") is not None,
            values={
                "status": payload["status"],
                "stripe_price_id": item["price"]["id"],
                "quantity": item.get("quantity") or 1,
                "created_at": from_seconds(payload["created"]),
                "current_period_start": from_seconds(item["current_period_start"]),
                "current_period_end": from_seconds(item["current_period_end"]),
                "cancel_at_period_end": payload["cancel_at_period_end"],
                "cancel_at": time_of(payload["cancel_at"]),
                "canceled_at": time_of(payload["canceled_at"]),
                "ended_at": time_of(payload["ended_at"]),
                "trial_end": time_of(payload["trial_end"]),
                "latest_invoice_id": latest_invoice,
            },
            names=[ObjectRef("invoice", latest_invoice)] if latest_invoice else [],
        )

    async def written(self, db: AsyncSession, object_id: str) -> Written | None:
        row = await db.get(Subscription, object_id, populate_existing=True)
        return row.written if row else None

    async def customer_of(self, db: AsyncSession, object_id: str) -> str | None:
        row = await db.get(Subscription, object_id)
        if row is None:
            return None
        return (await db.get_one(BillingAccount, row.billing_account_id)).stripe_customer_id

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self._row(writing, shape)
        await settle_access(writing, row)
        await self._record_facts(writing, row)

    async def _row(self, writing: Writing, shape: Shape) -> Subscription:
        values = {**shape.values, **writing.look.columns(), "ended": shape.ended}
        return await writing.db.merge(
            Subscription(
                id=shape.id,
                stripe_account_id=writing.account.stripe_account_id,
                billing_account_id=writing.account.id,
                deleted=False,
                **values,
            )
        )

    async def _record_facts(self, writing: Writing, row: Subscription) -> None:
        user_id = writing.account.user_id
        if row.status == "canceled":
            ended = SubscriptionEnded(subscription_id=row.id, user_id=user_id)
            await record(
                writing.db, ended, now=writing.wall_now, key=f"subscription:{row.id}:ended"
            )
        elif row.cancel_at_period_end and not row.ended:
            ends = to_seconds(row.cancel_at or row.current_period_end)
            await record(
                writing.db,
                CancellationScheduled(subscription_id=row.id, user_id=user_id),
                now=writing.wall_now,
                key=f"subscription:{row.id}:cancelling:{ends}",
            )

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        row = await writing.db.get_one(Subscription, object_id)
        _stamp(row, writing.look)
        row.deleted = row.ended = True
        await settle_access(writing, row)


def _stamp(row: Subscription, look: Look) -> None:
    row.look, row.look_source, row.look_second = look.number, look.source, look.second
