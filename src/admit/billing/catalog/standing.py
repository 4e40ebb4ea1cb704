"""What is sold now, told as a catalogue file would tell it."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import features_in_use
from admit.billing.catalog.entries import (
    Catalog,
    FeatureEntry,
    OpenedFeature,
    PlanEntry,
    PriceEntry,
)
from admit.billing.catalog.models import Plan, Price
from admit.billing.catalog.repository import Plans, Prices


async def standing_catalog(db: AsyncSession) -> Catalog:
    """Without what is no longer sold; a retired feature is no feature of a plan, either."""
    features = [
        FeatureEntry(
            key=known.key,
            name=known.name,
            description=known.description,
            open_to_all=known.open_to_all,
        )
        for known in await features_in_use(db)
    ]
    limits, prices = await Plans(db).limits(), await Prices(db).all()
    in_use = [feature.key for feature in features]
    return Catalog(
        features=features,
        plans=[
            entry_of(plan, _in_order(limits.get(plan.code, {}), in_use), prices)
            for plan in await Plans(db).all()
            if plan.active
        ],
    )


async def standing_entry(db: AsyncSession, plan: Plan) -> PlanEntry:
    """Also of a plan that is no longer sold."""
    in_use = [known.key for known in await features_in_use(db)]
    limits = _in_order(await Plans(db).limits_of(plan.code), in_use)
    return entry_of(plan, limits, await Prices(db).all())


def entry_of(plan: Plan, limits: Mapping[str, int | None], prices: Sequence[Price]) -> PlanEntry:
    return PlanEntry(
        code=plan.code,
        name=plan.name,
        description=plan.description,
        level=plan.level,
        group=plan.group,
        grace_days=plan.grace_days,
        max_quantity=plan.max_quantity,
        tax_code=plan.tax_code,
        features=[OpenedFeature(key=key, limit=limit) for key, limit in limits.items()],
        prices=[entry_of_price(row) for row in prices if row.plan_code == plan.code and row.active],
    )


def _in_order(limits: Mapping[str, int | None], keys: Sequence[str]) -> dict[str, int | None]:
    return {key: limits[key] for key in keys if key in limits}


def entry_of_price(row: Price) -> PriceEntry:
    # Rows are as they were declared, and what is declared is checked.
    return PriceEntry.model_validate({name: getattr(row, name) for name in PriceEntry.model_fields})
