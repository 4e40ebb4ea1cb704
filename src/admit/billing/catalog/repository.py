from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog.models import Plan, PlanFeature, Price


class Plans:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[Plan]:
        """Also the inactive ones."""
        return (await self.db.scalars(select(Plan).order_by(Plan.level, Plan.code))).all()

    async def by_code(self, code: str) -> Plan:
        """Raises `sqlalchemy.exc.NoResultFound`."""
        return await self.db.get_one(Plan, code)

    async def features(self) -> dict[str, set[str]]:
        """Feature keys by plan code."""
        found: dict[str, set[str]] = {}
        for row in await self.db.scalars(select(PlanFeature)):
            found.setdefault(row.plan_code, set()).add(row.feature_key)
        return found

    async def features_of(self, code: str) -> frozenset[str]:
        keys = select(PlanFeature.feature_key).where(PlanFeature.plan_code == code)
        return frozenset(await self.db.scalars(keys))


class Prices:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[Price]:
        """Also the inactive ones; shorter intervals first, oldest first."""
        order = (Price.interval, Price.amount, Price.id)
        return (await self.db.scalars(select(Price).order_by(*order))).all()

    async def active_by_code(self, code: str) -> Price | None:
        return await self.db.scalar(select(Price).where(Price.code == code, Price.active))

    async def with_plan(self, stripe_price_id: str) -> tuple[Price, Plan] | None:
        """Also when it is no longer sold: old subscribers keep their price."""
        found = await self.db.execute(
            select(Price, Plan)
            .join(Plan, Plan.code == Price.plan_code)
            .where(Price.stripe_price_id == stripe_price_id)
        )
        row = found.first()
        return None if row is None else (row[0], row[1])
