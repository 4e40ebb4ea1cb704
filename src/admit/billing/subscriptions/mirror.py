from collections.abc import Mapping
from typing import Any

from admit.billing.events import CancellationScheduled, SubscriptionEnded
from admit.billing.reconciliation.mirrors import MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import id_of, is_whole, time_of
from admit.billing.subscriptions.access import settle_access
from admit.billing.subscriptions.models import Subscription
from admit.core.clock import from_seconds, to_seconds
from admit.core.events import record

ENDED = frozenset({"canceled", "incomplete_expired"})


class SubscriptionMirror(MirrorOf[Subscription]):
    table = Subscription

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

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        await settle_access(writing, row)
        await self._record_facts(writing, row)

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
        await settle_access(writing, await self.put_deleted(writing, object_id))
