"""What the account page shows of a person's money, from our own rows alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import features_in_use
from admit.accounts.service import find_user
from admit.billing.catalog import service as catalog
from admit.billing.catalog.views import FeatureView, PlanWithFeatures
from admit.billing.ledger.service import newest_of
from admit.billing.ledger.views import Entry
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.subscriptions.showing import shown
from admit.billing.subscriptions.views import SubscriptionView
from admit.billing.subscriptions.words import WORDS, state_of
from admit.billing.trials.service import has_had_trial

NEWEST_PAYMENTS = 5


@dataclass(frozen=True)
class Overview:
    """What a person has. `subscription` is None on the free plan; `others` are of other groups."""

    plan_code: str | None
    plan_name: str
    status: str
    status_text: str
    subscription: SubscriptionView | None
    others: Sequence[SubscriptionView]
    features: Sequence[FeatureView]
    payments: Sequence[Entry]
    """The newest of them."""


@dataclass(frozen=True)
class Buyer:
    """What matters when somebody looks at prices; nobody has nothing."""

    plan_codes: frozenset[str] = frozenset()
    """Of the plans that they have, the free one included."""
    groups: frozenset[str] = frozenset()
    """In which they have a subscription, so that another plan is a change."""
    had_trial: bool = False


NOBODY = Buyer()


@dataclass(frozen=True)
class SubscriptionLine:
    email: str
    customer_id: str | None
    plan_name: str
    status: str
    status_text: str
    period_end: datetime | None


async def overview(db: AsyncSession, user_id: str, *, grace_days: int) -> Overview:
    """`grace_days`: how long access outlasts a failed payment where a plan says nothing else."""
    live = [row for row in await Subscriptions(db).of_user(user_id) if not row.ended]
    views = [await shown(db, row, grace_days=grace_days) for row in live if not row.deleted]
    payments = await newest_of(db, user_id, limit=NEWEST_PAYMENTS)
    if not views:
        return await _without_subscription(db, payments)
    opened = [await catalog.plan_of_stripe_price(db, row.stripe_price_id) for row in live]
    return Overview(
        plan_code=views[0].plan.code,
        plan_name=views[0].plan.name,
        status=views[0].state,
        status_text=views[0].state_text,
        subscription=views[0],
        others=views[1:],
        features=await features_of(db, {key for plan in opened if plan for key in plan.features}),
        payments=payments,
    )


async def _without_subscription(db: AsyncSession, payments: Sequence[Entry]) -> Overview:
    free = next((plan for plan in await catalog.plans(db) if plan.is_free), None)
    return Overview(
        plan_code=free.code if free else None,
        plan_name=free.name if free else "No plan",
        status="free",
        status_text=WORDS["free"],
        subscription=None,
        others=(),
        features=[view for view in free.features if view.included] if free else (),
        payments=payments,
    )


async def buyer(db: AsyncSession, user_id: str) -> Buyer:
    rows = await Subscriptions(db).live_of_user(user_id)
    known = [await catalog.plan_of_stripe_price(db, row.stripe_price_id) for row in rows]
    held = [plan for plan in known if plan is not None]
    free = [plan.code for plan in await catalog.plans(db) if plan.is_free]
    return Buyer(
        plan_codes=frozenset(plan.code for plan in held) or frozenset(free),
        groups=frozenset(plan.group for plan in held),
        had_trial=await has_had_trial(db, user_id),
    )


async def features_of(db: AsyncSession, keys: Collection[str]) -> list[FeatureView]:
    """In the catalogue's order; features that were retired are left out."""
    return [
        FeatureView(key=known.key, name=known.name, description=known.description, included=True)
        for known in await features_in_use(db)
        if known.key in keys
    ]


async def features_lost(db: AsyncSession, plan: PlanWithFeatures) -> list[FeatureView]:
    """What is not open to everybody anyway."""
    everybody = {known.key for known in await features_in_use(db) if known.open_to_all}
    return await features_of(db, plan.features - everybody)


async def newest_subscriptions(db: AsyncSession, *, limit: int = 20) -> list[SubscriptionLine]:
    lines = []
    for subscription, user_id, customer_id in await Subscriptions(db).newest(limit):
        user = await find_user(db, user_id)
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        key = state_of(subscription)
        lines.append(
            SubscriptionLine(
                email=user.email if user else "",
                customer_id=customer_id,
                plan_name=plan.name if plan else subscription.stripe_price_id,
                status=key,
                status_text=WORDS[key],
                period_end=subscription.current_period_end,
            )
        )
    return lines
