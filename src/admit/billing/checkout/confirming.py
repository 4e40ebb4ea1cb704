"""What somebody is about to buy, said once more before they pay; from our own rows alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.person import Person
from admit.billing.catalog import service as catalog
from admit.billing.catalog.models import Plan, Price
from admit.billing.catalog.views import FeatureView, period_in_words
from admit.billing.checkout.offers import Choice, check_quantity, sold
from admit.billing.errors import AlreadySubscribed
from admit.billing.subscriptions.repository import Subscriptions
from admit.billing.trials.service import has_had_trial


@dataclass(frozen=True)
class Confirmation:
    """Amounts are in minor units, without taxes that come on top."""

    price_code: str
    plan_name: str
    plan_description: str
    features: Sequence[FeatureView]
    amount: int
    """Of one, a period."""
    currency: str
    period: str
    quantity: int
    max_quantity: int
    trial_days: int
    """0 for whoever has had a trial."""
    had_trial: bool
    """The price offers a trial, and the person has had theirs."""
    first_charge_on: datetime
    tax_is_included: bool
    """Where taxes are collected: whether the amounts hold them."""

    @property
    def total(self) -> int:
        """A period, from the first charge on."""
        return self.amount * self.quantity

    @property
    def due_today(self) -> int:
        return 0 if self.trial_days else self.total


async def confirmation(
    db: AsyncSession, person: Person, choice: Choice, *, now: datetime
) -> Confirmation:
    """Raises `UnknownPrice`, `AlreadySubscribed`, or `InvalidInput` for the quantity."""
    price, plan = await sold(db, choice.price_code)
    await refuse_second_subscription(db, person.id, plan.group)
    check_quantity(choice.quantity, plan.max_quantity)
    had_trial = price.trial_days > 0 and await has_had_trial(db, person.id)
    trial_days = 0 if had_trial else price.trial_days
    return Confirmation(
        price_code=price.code,
        plan_name=plan.name,
        plan_description=plan.description,
        features=await _features(db, plan),
        amount=price.amount,
        currency=price.currency,
        period=_period(price),
        quantity=choice.quantity,
        max_quantity=plan.max_quantity,
        trial_days=trial_days,
        had_trial=had_trial,
        first_charge_on=now + timedelta(days=trial_days),
        tax_is_included=price.tax_behavior == "inclusive",
    )


def _period(price: Price) -> str:
    return period_in_words(price.interval, price.interval_count)


async def _features(db: AsyncSession, plan: Plan) -> list[FeatureView]:
    for shown in await catalog.plans(db):
        if shown.code == plan.code:
            return [view for view in shown.features if view.included]
    return []


async def refuse_second_subscription(db: AsyncSession, user_id: str, plan_group: str) -> None:
    """Raises `AlreadySubscribed`."""
    for subscription in await Subscriptions(db).live_of_user(user_id):
        plan = await catalog.plan_of_stripe_price(db, subscription.stripe_price_id)
        if plan is not None and plan.group == plan_group:
            raise AlreadySubscribed
