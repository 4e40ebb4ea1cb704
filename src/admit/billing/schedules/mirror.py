from collections.abc import Mapping
from typing import Any

from admit.billing.reconciliation.mirrors import MirrorOf, Shape, Writing
from admit.billing.reconciliation.reading import id_of, time_of
from admit.billing.schedules.models import SubscriptionSchedule

ENDED = frozenset({"canceled", "completed", "released"})


class ScheduleMirror(MirrorOf[SubscriptionSchedule]):
    table = SubscriptionSchedule

    def path(self, object_id: str) -> str:
        return f"/v1/subscription_schedules/{object_id}"

    def read(self, payload: Mapping[str, Any]) -> Shape:
        ended = payload["status"] in ENDED
        following = None if ended else _phase_after_the_current(payload)
        item = following["items"][0] if following else {}
        return Shape(
            id=payload["id"],
            customer_id=id_of(payload["customer"]),
            ended=ended,
            complete=True,
            on_test_clock=payload.get("test_clock") is not None,
            values={
                "subscription_id": id_of(payload["subscription"])
                or id_of(payload["released_subscription"]),
                "status": payload["status"],
                "changes_at": time_of(following["start_date"]) if following else None,
                "next_price_id": id_of(item.get("price")),
                "next_quantity": item.get("quantity", 1) if following else None,
            },
        )

    async def write(self, writing: Writing, shape: Shape) -> None:
        await self.put(writing, shape)

    async def mark_deleted(self, writing: Writing, object_id: str) -> None:
        await self.put_deleted(writing, object_id)


def _phase_after_the_current(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    current = payload["current_phase"]
    later = [
        phase
        for phase in payload["phases"]
        if current is None or phase["start_date"] >= current["end_date"]
    ]
    return later[0] if later else None
