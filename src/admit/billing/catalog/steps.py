"""What Stripe lacks of the catalogue, step by step, in the order in which it can be done.

Nothing here asks Stripe: what was pushed, and which revision of it, is known from our own rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import features_in_use
from admit.billing.catalog.comparison import terms_in_words
from admit.billing.catalog.models import Plan, Price, Pushed, StripeFeature
from admit.billing.catalog.repository import Plans, Prices


@dataclass(frozen=True)
class FeatureStep:
    feature: StripeFeature
    is_new: bool

    def __str__(self) -> str:
        if self.feature.active:
            return f'{_verb(is_new=self.is_new)} feature "{self.feature.feature_key}"'
        return f'archive feature "{self.feature.feature_key}"'


@dataclass(frozen=True)
class ProductStep:
    """The product of a plan, and the features that it opens."""

    plan: Plan
    features: Sequence[str]
    is_new: bool

    def __str__(self) -> str:
        if not self.plan.active:
            return f'archive product of plan "{self.plan.code}"'
        named = f", with {', '.join(self.features)}" if self.features else ""
        return f'{_verb(is_new=self.is_new)} product of plan "{self.plan.code}"{named}'


@dataclass(frozen=True)
class PriceStep:
    price: Price
    plan: Plan
    is_new: bool

    def __str__(self) -> str:
        name = f'price "{self.price.code}" ({terms_in_words(self.price)})'
        return f"{_verb(is_new=self.is_new)} {name}" if self.price.active else f"archive {name}"


Step = FeatureStep | ProductStep | PriceStep


def _verb(*, is_new: bool) -> str:
    return "create" if is_new else "update"


async def steps(db: AsyncSession, stripe_account_id: int | None) -> list[Step]:
    """`stripe_account_id` None: as for an account that has nothing of ours."""
    return [
        *await _feature_steps(db, stripe_account_id),
        *await _product_steps(db, stripe_account_id),
        *await _price_steps(db, stripe_account_id),
    ]


async def _feature_steps(db: AsyncSession, account: int | None) -> list[FeatureStep]:
    rows = (await db.scalars(select(StripeFeature).order_by(StripeFeature.feature_key))).all()
    return [
        FeatureStep(row, is_new=_is_new(row, account))
        for row in rows
        if not _is_in_step(row, account, wanted=row.active)
    ]


async def _product_steps(db: AsyncSession, account: int | None) -> list[ProductStep]:
    sold = {price.plan_code for price in await Prices(db).all()}
    limits = await Plans(db).limits()
    in_use = [known.key for known in await features_in_use(db)]
    return [
        ProductStep(
            plan,
            features=[key for key in in_use if key in limits.get(plan.code, {})],
            is_new=_is_new(plan, account),
        )
        for plan in await Plans(db).all()
        # A plan that was never sold needs no product, and one that is not needs none any more.
        if plan.code in sold and not _is_in_step(plan, account, wanted=plan.active)
    ]


async def _price_steps(db: AsyncSession, account: int | None) -> list[PriceStep]:
    plans = {plan.code: plan for plan in await Plans(db).all()}
    return [
        PriceStep(price, plans[price.plan_code], is_new=_is_new(price, account))
        for price in await Prices(db).all()
        if not _is_in_step(price, account, wanted=price.active)
    ]


def _is_new(row: Pushed, account: int | None) -> bool:
    return account is None or row.stripe_account_id != account


def _is_in_step(row: Pushed, account: int | None, *, wanted: bool) -> bool:
    """What is not there, and not wanted any more, is as it should be."""
    if _is_new(row, account):
        return not wanted
    return row.pushed_revision == row.revision


async def unnoted_features(db: AsyncSession) -> list[StripeFeature]:
    """What is not written down yet of what Stripe's copies should say; none is added to `db`."""
    rows = {row.feature_key: row for row in await db.scalars(select(StripeFeature))}
    wanted = {known.key: (known.name, True) for known in await features_in_use(db)}
    for key in rows.keys() - wanted.keys():
        wanted[key] = (rows[key].name, False)
    return [
        StripeFeature(feature_key=key, name=name, active=active)
        for key, (name, active) in wanted.items()
        if key not in rows or (rows[key].name, rows[key].active) != (name, active)
    ]


async def note_features(db: AsyncSession) -> None:
    """Writes down what Stripe's copies of the features should say."""
    for wanted in await unnoted_features(db):
        row = await db.get(StripeFeature, wanted.feature_key)
        if row is None:
            db.add(wanted)
            continue
        row.name, row.active = wanted.name, wanted.active
        row.revision += 1
    await db.flush()
