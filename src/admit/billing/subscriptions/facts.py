"""What a subscription's state tells as facts, each with one key however often it is seen."""

from collections.abc import Mapping
from typing import Any

from admit.billing.events import CancellationScheduled, SubscriptionEnded
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.subscriptions.models import Subscription
from admit.core.clock import to_seconds
from admit.core.events import record


async def record_facts(
    writing: Writing, row: Subscription, before: Mapping[str, Any] | None
) -> None:
    """`before`: the columns that the row had; None for one that was never seen."""
    del before
    user_id = writing.account.user_id
    if row.status == "canceled":
        ended = SubscriptionEnded(subscription_id=row.id, user_id=user_id)
        await record(writing.db, ended, now=writing.wall_now, key=f"subscription:{row.id}:ended")
    elif row.cancel_at_period_end and not row.ended:
        ends = to_seconds(row.cancel_at or row.current_period_end)
        await record(
            writing.db,
            CancellationScheduled(subscription_id=row.id, user_id=user_id),
            now=writing.wall_now,
            key=f"subscription:{row.id}:cancelling:{ends}",
        )
