from collections.abc import Mapping
from typing import Any

from admit.billing.disputes.models import Dispute
from admit.billing.disputes.standing import is_lost, is_open
from admit.billing.events import DisputeClosed, DisputeOpened
from admit.billing.payments.settling import money_moved
from admit.billing.reconciliation.mirrors import MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import customer_in, id_of, time_of
from admit.core.clock import from_seconds
from admit.core.events import record


class DisputeMirror(MirrorOf[Dispute]):
    table = Dispute
    expands = ("charge",)

    def path(self, object_id: str) -> str:
        return f"/v1/disputes/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        """A dispute names its charge and no customer."""
        charge = ObjectRef("charge", str(id_of(payload["charge"])))
        return Shape(
            id=payload["id"],
            customer_id=customer_in(payload["charge"]),
            through=charge,
            ended=False,
            complete=True,
            on_test_clock=False,
            values={
                "charge_id": charge.id,
                "payment_intent_id": id_of(payload["payment_intent"]),
                "status": payload["status"],
                "amount": payload["amount"],
                "currency": payload["currency"],
                "reason": payload["reason"],
                "respond_by": time_of(payload["evidence_details"]["due_by"]),
                "created_at": from_seconds(payload["created"]),
            },
            names=[charge],
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        self._note_loss(writing, row)
        await money_moved(writing, row.payment_intent_id, row.charge_id)
        await self._record_facts(writing, row)

    def _note_loss(self, writing: Writing, row: Dispute) -> None:
        if not is_lost(row.status):
            row.lost_at = None
        elif row.lost_at is None:
            row.lost_at = from_seconds(writing.look.second)

    async def _record_facts(self, writing: Writing, row: Dispute) -> None:
        """One that was closed before we heard of it was opened all the same."""
        user_id, now = writing.account.user_id, writing.wall_now
        opened = DisputeOpened(dispute_id=row.id, user_id=user_id)
        await record(writing.db, opened, now=now, key=f"dispute:{row.id}:opened")
        if not is_open(row.status):
            closed = DisputeClosed(dispute_id=row.id, user_id=user_id, outcome=row.status)
            await record(writing.db, closed, now=now, key=f"dispute:{row.id}:{row.status}")

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        row = await self.put_deleted(writing, object_id)
        await money_moved(writing, row.payment_intent_id, row.charge_id)
