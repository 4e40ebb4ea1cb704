from collections.abc import Mapping
from typing import Any

from admit.billing.events import RefundFailed, RefundMade
from admit.billing.payments.settling import money_moved
from admit.billing.reconciliation.mirrors import MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import customer_in, id_of
from admit.billing.refunds.models import Refund
from admit.billing.refunds.standing import CAME_BACK
from admit.core.clock import from_seconds
from admit.core.events import record


class RefundMirror(MirrorOf[Refund]):
    table = Refund
    expands = ("charge",)

    def path(self, object_id: str) -> str:
        return f"/v1/refunds/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        charge = id_of(payload["charge"])
        status = payload["status"] or "pending"
        return Shape(
            id=payload["id"],
            customer_id=customer_in(payload["charge"]) or id_of(payload.get("customer")),
            through=ObjectRef("charge", charge) if charge else None,
            ended=status in CAME_BACK,
            complete=True,
            on_test_clock=False,
            values={
                "charge_id": charge,
                "payment_intent_id": id_of(payload["payment_intent"]),
                "status": status,
                "amount": payload["amount"],
                "currency": payload["currency"],
                "reason": payload["reason"],
                "failure": payload.get("failure_reason"),
                "created_at": from_seconds(payload["created"]),
            },
            names=[ObjectRef("charge", charge)] if charge else [],
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        await money_moved(writing, row.payment_intent_id, row.charge_id)
        await self._record_facts(writing, row)

    async def _record_facts(self, writing: Writing, row: Refund) -> None:
        """One that failed before we heard of it was made all the same."""
        user_id, now = writing.account.user_id, writing.wall_now
        made = RefundMade(refund_id=row.id, user_id=user_id)
        await record(writing.db, made, now=now, key=f"refund:{row.id}:made")
        if row.status == "failed":
            failed = RefundFailed(refund_id=row.id, user_id=user_id)
            await record(writing.db, failed, now=now, key=f"refund:{row.id}:failed")

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        row = await self.put_deleted(writing, object_id)
        await money_moved(writing, row.payment_intent_id, row.charge_id)
