"""Whose access a change of the catalogue concerns: how many people, and some of them by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from admit.access.models import GrantRow
from admit.accounts.models import User
from admit.billing.catalog.comparison import AccessChange
from admit.billing.catalog.models import Price
from admit.billing.customers.models import BillingAccount
from admit.billing.subscriptions.models import Subscription, SubscriptionItem

SAMPLE = 3


@dataclass(frozen=True)
class Concerned:
    change: AccessChange
    people: int
    sample: Sequence[str]
    """Addresses, in their order."""


async def concerned(
    db: AsyncSession, found: Sequence[AccessChange], *, now: datetime
) -> list[Concerned]:
    """Changes that concern nobody are left out. `now` is business time."""
    counted = [await _counted(db, change, now=now) for change in found]
    return [each for each in counted if each.people]


async def subscribers(db: AsyncSession) -> dict[str, int]:
    """How many people have each plan, by its code; also plans that are no longer sold."""
    return await _people_by(db, Price.plan_code)


async def subscribers_of_prices(db: AsyncSession, plan_code: str) -> dict[str, int]:
    """How many people pay each price of the plan, by our id of it."""
    return await _people_by(db, Price.id, Price.plan_code == plan_code)


async def _people_by(
    db: AsyncSession, key: InstrumentedAttribute[str], *which: ColumnElement[bool]
) -> dict[str, int]:
    rows = await db.execute(
        select(key, func.count(BillingAccount.user_id.distinct()))
        .join(SubscriptionItem, SubscriptionItem.stripe_price_id == Price.stripe_price_id)
        .join(Subscription, Subscription.id == SubscriptionItem.subscription_id)
        .join(BillingAccount, BillingAccount.id == Subscription.billing_account_id)
        .where(_goes_on(), *which)
        .group_by(key)
    )
    return {name: int(people) for name, people in rows}


async def _counted(db: AsyncSession, change: AccessChange, *, now: datetime) -> Concerned:
    people = select(User.id, User.email).where(_whom(change, now), User.is_active)
    total = await db.scalar(select(func.count()).select_from(people.subquery()))
    sample = (await db.execute(people.order_by(User.email).limit(SAMPLE))).all()
    return Concerned(change, int(total or 0), [email for _, email in sample])


def _whom(change: AccessChange, now: datetime) -> ColumnElement[bool]:
    if change.plan_code is not None:
        return User.id.in_(_having(change.plan_code))
    if change.feature_key is not None:
        return User.id.in_(_holding(change.feature_key, now))
    return User.verified_at.is_not(None)


def _having(plan_code: str) -> Select[str]:
    return (
        select(BillingAccount.user_id)
        .join(Subscription, Subscription.billing_account_id == BillingAccount.id)
        .join(SubscriptionItem, SubscriptionItem.subscription_id == Subscription.id)
        .join(Price, Price.stripe_price_id == SubscriptionItem.stripe_price_id)
        .where(Price.plan_code == plan_code, _goes_on())
    )


def _goes_on() -> ColumnElement[bool]:
    return Subscription.ended.is_(False) & Subscription.deleted.is_(False)


def _holding(feature: str, now: datetime) -> Select[str]:
    return select(GrantRow.user_id).where(
        GrantRow.feature == feature,
        GrantRow.revoked_at.is_(None),
        or_(GrantRow.ends_at.is_(None), GrantRow.ends_at > now),
    )
