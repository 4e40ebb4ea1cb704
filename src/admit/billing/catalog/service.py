"""What is sold: the catalogue as a file, in the database, at Stripe, and as pages show it."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import FeatureDefinition, features_in_use
from admit.billing.catalog.applying import apply
from admit.billing.catalog.entries import Catalog
from admit.billing.catalog.file import CatalogError, load_file
from admit.billing.catalog.models import Plan, Price
from admit.billing.catalog.push import Refusal, push, recall
from admit.billing.catalog.repository import Plans, Prices
from admit.billing.catalog.views import FeatureView, PlanView, PlanWithFeatures, PriceView

__all__ = [
    "Catalog",
    "CatalogError",
    "Refusal",
    "apply",
    "is_empty",
    "load_file",
    "plan_by_code",
    "plan_of_stripe_price",
    "plans",
    "price_by_code",
    "push",
    "recall",
]


async def plans(db: AsyncSession) -> list[PlanView]:
    """What can be chosen now, the lowest level first."""
    features = await features_in_use(db)
    limits = await Plans(db).limits()
    prices = await Prices(db).all()
    once_sold = {price.plan_code for price in prices}
    sold = {price.plan_code for price in prices if price.active}
    return [
        _plan_view(
            plan,
            features=[_feature_view(feature, limits.get(plan.code, {})) for feature in features],
            prices=[
                _price_view(price)
                for price in prices
                if price.plan_code == plan.code and price.active
            ],
        )
        for plan in await Plans(db).all()
        # What has lost its last price is not free for that.
        if plan.active and (plan.code in sold or plan.code not in once_sold)
    ]


async def is_empty(db: AsyncSession) -> bool:
    """Nothing was ever sold here."""
    return not await Plans(db).all()


async def plan_by_code(db: AsyncSession, code: str) -> Plan:
    """Raises `sqlalchemy.exc.NoResultFound`."""
    return await Plans(db).by_code(code)


async def price_by_code(db: AsyncSession, code: str) -> Price | None:
    """The price that is sold under this code now."""
    return await Prices(db).active_by_code(code)


async def plan_of_stripe_price(db: AsyncSession, stripe_price_id: str) -> PlanWithFeatures | None:
    """Also for a price or plan that is no longer sold; None when the price is not ours."""
    found = await Prices(db).with_plan(stripe_price_id)
    if found is None:
        return None
    price, plan = found
    return PlanWithFeatures(
        code=plan.code,
        name=plan.name,
        group=plan.group,
        level=plan.level,
        limits=await Plans(db).limits_of(plan.code),
        max_quantity=plan.max_quantity,
        grace_days=plan.grace_days,
        tax_code=plan.tax_code,
        price_code=price.code,
        interval=price.interval,
        interval_count=price.interval_count,
        amount=price.amount,
        currency=price.currency,
        trial_days=price.trial_days,
        tax_behavior=price.tax_behavior,
    )


def _plan_view(plan: Plan, *, features: list[FeatureView], prices: list[PriceView]) -> PlanView:
    return PlanView(
        code=plan.code,
        name=plan.name,
        description=plan.description,
        level=plan.level,
        is_free=not prices,
        features=features,
        prices=prices,
        group=plan.group,
        max_quantity=plan.max_quantity,
        grace_days=plan.grace_days,
    )


def _feature_view(feature: FeatureDefinition, opened: Mapping[str, int | None]) -> FeatureView:
    return FeatureView(
        key=feature.key,
        name=feature.name,
        description=feature.description,
        included=feature.key in opened,
        limit=opened.get(feature.key),
    )


def _price_view(price: Price) -> PriceView:
    return PriceView(
        code=price.code,
        interval=price.interval,
        amount=price.amount,
        currency=price.currency,
        trial_days=price.trial_days,
        interval_count=price.interval_count,
        tax_behavior=price.tax_behavior,
    )
