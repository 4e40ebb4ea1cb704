from collections.abc import Mapping
from typing import Any

from admit.billing.checkout.models import CheckoutSession, CheckoutStatus
from admit.billing.checkout.repository import Checkouts
from admit.billing.events import CardSaved
from admit.billing.reconciliation.mirrors import MirrorOf, ObjectRef, Shape, Writing
from admit.billing.reconciliation.reading import id_of
from admit.billing.recovery.repository import Recoveries
from admit.core.clock import from_seconds
from admit.core.events import record

ENDED = frozenset({"complete", "expired"})


class CheckoutMirror(MirrorOf[CheckoutSession]):
    table = CheckoutSession

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

    async def write(self, writing: Writing, shape: Shape) -> None:
        row = await self.put(writing, shape)
        if row.status in ENDED:
            await self._close_wish(writing, row.id, CheckoutStatus(row.status))
        if row.status == CheckoutStatus.complete:
            await self._note_card(writing, row.id)

    async def _note_card(self, writing: Writing, session_id: str) -> None:
        """A page that was opened to save another card."""
        recovery = await Recoveries(writing.db).by_session(session_id)
        if recovery is not None:
            saved = CardSaved(recovery_id=recovery.id, user_id=writing.account.user_id)
            key = f"recovery:{recovery.id}:saved"
            await record(writing.db, saved, now=writing.wall_now, key=key)

    async def _close_wish(self, writing: Writing, session_id: str, status: CheckoutStatus) -> None:
        checkout = await Checkouts(writing.db).by_session(session_id)
        if checkout is not None:
            checkout.status = status

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await self._close_wish(writing, object_id, CheckoutStatus.expired)
