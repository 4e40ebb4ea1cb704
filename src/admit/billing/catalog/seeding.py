"""Makes the database equal to a catalogue file. Nothing is deleted: what vanished is inactive."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import FeatureDefinition, define_features
from admit.billing.catalog.events import PlanFeaturesChanged
from admit.billing.catalog.file import Catalog, PlanEntry, PriceEntry
from admit.billing.catalog.models import Plan, PlanFeature, Price
from admit.billing.catalog.repository import Plans, Prices
from admit.core.events import record
from admit.core.ids import new_id


async def seed(db: AsyncSession, catalog: Catalog, *, now: datetime) -> None:
    """Idempotent. `now` is wall time.

    A changed amount, currency or interval is a new price, and the old one is kept, inactive, for
    those who subscribed to it.
    """
    await define_features(
        db, [FeatureDefinition(**feature.model_dump()) for feature in catalog.features]
    )
    plans = {plan.code: plan for plan in await Plans(db).all()}
    known = frozenset(plans)
    for entry in catalog.plans:
        plan = plans.pop(entry.code, None) or _new_plan(db, entry)
        _bring_in_line(plan, entry)
    for plan in plans.values():
        _set_active(plan, active=False)
    await db.flush()
    for entry in catalog.plans:
        if await _bring_features_in_line(db, entry) and entry.code in known:
            await record(db, PlanFeaturesChanged(plan_code=entry.code), now=now, subject=entry.code)
    await _bring_prices_in_line(db, catalog)


def _new_plan(db: AsyncSession, entry: PlanEntry) -> Plan:
    plan = Plan(code=entry.code, product_ref=new_id("admit"), active=True, revision=0)
    db.add(plan)
    return plan


def _bring_in_line(plan: Plan, entry: PlanEntry) -> None:
    plan.level = entry.level
    plan.group = entry.group
    shown_at_stripe = (plan.name, plan.description, plan.active)
    plan.name = entry.name
    plan.description = entry.description
    plan.active = True
    if shown_at_stripe != (plan.name, plan.description, plan.active):
        plan.revision += 1


def _set_active(row: Plan | Price, *, active: bool) -> None:
    if row.active != active:
        row.active = active
        row.revision += 1


async def _bring_features_in_line(db: AsyncSession, entry: PlanEntry) -> bool:
    """Whether the plan opens anything else than before."""
    present = await Plans(db).features_of(entry.code)
    wanted = frozenset(entry.features)
    for key in sorted(wanted - present):
        db.add(PlanFeature(plan_code=entry.code, feature_key=key))
    for key in sorted(present - wanted):
        await db.delete(await db.get_one(PlanFeature, (entry.code, key)))
    await db.flush()
    return present != wanted


async def _bring_prices_in_line(db: AsyncSession, catalog: Catalog) -> None:
    rows = await Prices(db).all()
    wanted = [(plan.code, entry) for plan in catalog.plans for entry in plan.prices]
    kept = [(_with_terms(rows, plan_code, entry), plan_code, entry) for plan_code, entry in wanted]
    sold = {row.id for row, _, _ in kept if row is not None}
    for row in rows:
        if row.id not in sold:
            _set_active(row, active=False)
    # What is sold no more gives up its code before another price takes it.
    await db.flush()
    for same, plan_code, entry in kept:
        if same is None:
            db.add(_new_price(plan_code, entry))
        else:
            same.trial_days = entry.trial_days
            _set_active(same, active=True)
    await db.flush()


def _with_terms(rows: Iterable[Price], plan_code: str, entry: PriceEntry) -> Price | None:
    """The newest row of exactly these terms."""
    wanted = (plan_code, entry.code, entry.interval, entry.amount, entry.currency)
    same = [
        row
        for row in rows
        if (row.plan_code, row.code, row.interval, row.amount, row.currency) == wanted
    ]
    return max(same, key=lambda row: row.id, default=None)


def _new_price(plan_code: str, entry: PriceEntry) -> Price:
    return Price(
        id=new_id("prc"),
        code=entry.code,
        plan_code=plan_code,
        interval=entry.interval,
        amount=entry.amount,
        currency=entry.currency,
        trial_days=entry.trial_days,
        active=True,
    )
