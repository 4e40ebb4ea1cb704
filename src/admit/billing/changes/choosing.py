"""Which subscription a page is about: the one that it names, else the newest that it fits."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog import service as catalog
from admit.billing.catalog.views import PlanWithFeatures
from admit.billing.errors import NothingToChange
from admit.billing.subscriptions.models import Subscription
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.subscriptions.showing import shown
from admit.billing.subscriptions.views import SubscriptionView


@dataclass(frozen=True)
class Chosen:
    row: Subscription
    view: SubscriptionView
    plan: PlanWithFeatures | None

    @property
    def id(self) -> str:
        return self.row.id


async def chosen_for(
    db: AsyncSession, user_id: str, subscription_id: str, fits: Callable[[Subscription], bool]
) -> Chosen:
    """Raises `NothingToChange`, also for a subscription of somebody else."""
    for row in await Subscriptions(db).of_user(user_id):
        if subscription_id in {"", row.id} and fits(row):
            return Chosen(
                row=row,
                view=await shown(db, row, grace_days=0),
                plan=await catalog.plan_of_stripe_price(db, row.stripe_price_id),
            )
    raise NothingToChange
