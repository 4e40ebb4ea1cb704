"""What a subscription opens: grants follow the mirror in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import admit.billing.catalog.service as catalog
from admit.access import service as access
from admit.access.decision import (
    Basis,
    Standing,
    Status,
    Window,
    granted_until,
    paid_and_taken_back,
)
from admit.billing.catalog.views import PlanWithFeatures, longest_grace, most_generous
from admit.billing.entitlements.access import leave_to_plans
from admit.billing.reconciliation.mirrors import Writing
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions

SOURCE = "subscription"


async def settle_access(writing: Writing, row: Subscription) -> None:
    await _settle(writing, row)
    await leave_to_plans(writing)


async def _settle(writing: Writing, row: Subscription) -> None:
    plans = await _plans(writing, row)
    window = None if row.deleted else await _window(writing, row, plans)
    if window is None or _is_over(window, writing, row):
        await access.release(
            writing.db,
            source=SOURCE,
            source_id=row.id,
            now=writing.business_now,
            reason=_why_closed(window, row),
        )
        return
    ends_exactly = _ends_exactly(window, row)
    await access.hold(
        writing.db,
        user_id=writing.account.user_id,
        source=SOURCE,
        source_id=row.id,
        features=most_generous(plan.limits for plan in plans),
        level=max((plan.level for plan in plans), default=0),
        ends_at=window.until if ends_exactly else None,
        review_at=None if ends_exactly else window.until,
        now=writing.business_now,
        reason=window.basis,
    )


async def _plans(writing: Writing, row: Subscription) -> list[PlanWithFeatures]:
    """Of all its items; prices that are not ours open nothing."""
    items = await Subscriptions(writing.db).price_ids(row.id)
    known = [
        await catalog.plan_of_stripe_price(writing.db, price_id)
        for price_id in sorted({row.stripe_price_id, *items})
    ]
    return [plan for plan in known if plan is not None]


async def _window(
    writing: Writing, row: Subscription, plans: Sequence[PlanWithFeatures]
) -> Window | None:
    subscriptions = Subscriptions(writing.db)
    unpaid_since = await subscriptions.unpaid_since(row.id)
    paid_until, taken_back_at = paid_and_taken_back(await subscriptions.paid_periods(row))
    standing = Standing(
        status=Status(row.status),
        current_period_end=row.current_period_end,
        paid_until=paid_until,
        taken_back_at=taken_back_at,
        cancel_at_period_end=row.cancel_at_period_end,
        cancel_at=row.cancel_at,
        ended_at=row.ended_at,
        past_due_since=_past_due_since(row, unpaid_since),
    )
    return granted_until(
        standing,
        grace=longest_grace(plans, usual_days=writing.grace_days),
        # While collection is paused no renewal is to be waited for.
        leeway=timedelta() if row.pause_behavior else timedelta(days=writing.leeway_days),
    )


def _why_closed(window: Window | None, row: Subscription) -> str:
    return window.basis if window and window.basis is Basis.taken_back else row.status


def _past_due_since(row: Subscription, unpaid_since: datetime | None) -> datetime | None:
    if row.status == Status.past_due:
        return unpaid_since or row.current_period_start
    return unpaid_since if row.status == Status.canceled else None


def _is_over(window: Window, writing: Writing, row: Subscription) -> bool:
    """What has run out softly ends only when Stripe was asked just now."""
    if window.basis is Basis.ended:
        return True
    may_end = writing.closing or _ends_exactly(window, row)
    return may_end and window.until <= writing.business_now


def _ends_exactly(window: Window, row: Subscription) -> bool:
    if window.basis is Basis.taken_back:
        return True
    if row.pause_behavior and window.basis is Basis.paid:
        return True
    ends = [row.current_period_end] if row.cancel_at_period_end else []
    if row.cancel_at is not None:
        ends.append(row.cancel_at)
    return bool(ends) and window.until == min(ends)
