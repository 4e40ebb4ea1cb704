"""What a subscription's state tells as facts, each with one key however often it is seen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from admit.billing.events import CancellationScheduled, SubscriptionEnded, TrialBegun
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.subscriptions.models import Subscription
from admit.billing.trials.service import note_trial
from admit.core.clock import to_seconds
from admit.core.events import record


async def record_facts(
    writing: Writing, row: Subscription, before: Mapping[str, Any] | None
) -> None:
    """`before`: the columns that the row had; None for one that was never seen."""
    del before
    user_id = writing.account.user_id
    if row.trial_start is not None:
        await _note_trial(writing, row, row.trial_start)
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


async def _note_trial(writing: Writing, row: Subscription, started_at: datetime) -> None:
    user_id = writing.account.user_id
    is_first = await note_trial(
        writing.db, user_id=user_id, subscription_id=row.id, started_at=started_at
    )
    if is_first:
        begun = TrialBegun(subscription_id=row.id, user_id=user_id)
        await record(writing.db, begun, now=writing.wall_now, key=f"trial:{user_id}")
