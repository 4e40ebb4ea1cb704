from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog.models import Plan, PlanFeature, Price

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
"""Of an interval, near enough to put them in order."""


class Plans:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[Plan]:
        """Also the inactive ones."""
        return (await self.db.scalars(select(Plan).order_by(Plan.level, Plan.code))).all()

    async def lock_all(self) -> Sequence[Plan]:
        """Whoever else locks them waits until this transaction has ended."""
        rows = await self.db.scalars(
            select(Plan)
            .order_by(Plan.code)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def find(self, code: str) -> Plan | None:
        return await self.db.get(Plan, code)

    async def by_code(self, code: str) -> Plan:
        """Raises `sqlalchemy.exc.NoResultFound`."""
        return await self.db.get_one(Plan, code)

    async def limits(self) -> dict[str, dict[str, int | None]]:
        """By plan code: every feature that the plan opens, and how much of it."""
        found: dict[str, dict[str, int | None]] = {}
        for row in await self.db.scalars(select(PlanFeature)):
            found.setdefault(row.plan_code, {})[row.feature_key] = row.limit
        return found

    async def limits_of(self, code: str) -> dict[str, int | None]:
        rows = await self.db.scalars(select(PlanFeature).where(PlanFeature.plan_code == code))
        return {row.feature_key: row.limit for row in rows}


class Prices:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def all(self) -> Sequence[Price]:
        """Also the inactive ones; shorter periods first, then by amount, then by age."""
        rows = await self.db.scalars(select(Price).order_by(Price.amount, Price.id))
        return sorted(rows, key=lambda row: DAYS[row.interval] * row.interval_count)

    async def of_plan(self, plan_code: str) -> Sequence[Price]:
        """In the order of `all`."""
        return [row for row in await self.all() if row.plan_code == plan_code]

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
