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
    known = dict(plans)
    for entry in catalog.plans:
        plan = plans.pop(entry.code, None) or _new_plan(db, entry, now=now)
        _bring_in_line(plan, entry)
    for plan in plans.values():
        _set_active(plan, active=False)
    changed = {plan.code for plan in known.values() if db.is_modified(plan)}
    await db.flush()
    for entry in catalog.plans:
        if await _bring_features_in_line(db, entry) and entry.code in known:
            changed.add(entry.code)
            await record(db, PlanFeaturesChanged(plan_code=entry.code), now=now, subject=entry.code)
    changed |= await _bring_prices_in_line(db, catalog)
    for code in changed & known.keys():
        known[code].version += 1
        known[code].updated_at = now
    await db.flush()


def _new_plan(db: AsyncSession, entry: PlanEntry, *, now: datetime) -> Plan:
    plan = Plan(
        code=entry.code,
        product_ref=new_id("admit"),
        active=True,
        revision=0,
        version=1,
        created_at=now,
        updated_at=now,
    )
    db.add(plan)
    return plan


def _bring_in_line(plan: Plan, entry: PlanEntry) -> None:
    plan.level = entry.level
    plan.group = entry.group
    plan.grace_days = entry.grace_days
    plan.max_quantity = entry.max_quantity
    at_stripe = _shown_at_stripe(plan)
    plan.name = entry.name
    plan.description = entry.description
    plan.tax_code = entry.tax_code
    plan.active = True
    if at_stripe != _shown_at_stripe(plan):
        plan.revision += 1


def _shown_at_stripe(plan: Plan) -> tuple[str | bool | None, ...]:
    return (plan.name, plan.description, plan.tax_code, plan.active)


def _set_active(row: Plan | Price, *, active: bool) -> None:
    if row.active != active:
        row.active = active
        row.revision += 1


async def _bring_features_in_line(db: AsyncSession, entry: PlanEntry) -> bool:
    """Whether the plan opens anything else than before."""
    present = await Plans(db).limits_of(entry.code)
    wanted = {opened.key: opened.limit for opened in entry.features}
    for key, limit in wanted.items():
        await db.merge(PlanFeature(plan_code=entry.code, feature_key=key, limit=limit))
    for key in sorted(present.keys() - wanted.keys()):
        await db.delete(await db.get_one(PlanFeature, (entry.code, key)))
    await db.flush()
    return present != wanted


async def _bring_prices_in_line(db: AsyncSession, catalog: Catalog) -> set[str]:
    """The codes of the plans whose prices are others than before."""
    rows = await Prices(db).all()
    wanted = [(plan.code, entry) for plan in catalog.plans for entry in plan.prices]
    kept = [(_with_terms(rows, plan_code, entry), plan_code, entry) for plan_code, entry in wanted]
    sold = {row.id for row, _, _ in kept if row is not None}
    for row in rows:
        if row.id not in sold:
            _set_active(row, active=False)
    for same, _, entry in kept:
        if same is not None:
            same.trial_days = entry.trial_days
    changed = {row.plan_code for row in rows if db.is_modified(row)}
    # What is sold no more gives up its code before another price takes it.
    await db.flush()
    for same, plan_code, entry in kept:
        if same is None or not same.active:
            changed.add(plan_code)
        if same is None:
            db.add(_new_price(plan_code, entry))
        else:
            _set_active(same, active=True)
    await db.flush()
    return changed


def _with_terms(rows: Iterable[Price], plan_code: str, entry: PriceEntry) -> Price | None:
    """The newest row of exactly these terms."""
    wanted = (plan_code, entry.code, *_terms(entry))
    same = [row for row in rows if (row.plan_code, row.code, *_terms(row)) == wanted]
    return max(same, key=lambda row: row.id, default=None)


def _terms(of: Price | PriceEntry) -> tuple[str | int | None, ...]:
    """What Stripe lets nobody change about a price."""
    return (of.interval, of.interval_count, of.amount, of.currency, of.tax_behavior)


def _new_price(plan_code: str, entry: PriceEntry) -> Price:
    return Price(
        id=new_id("prc"),
        code=entry.code,
        plan_code=plan_code,
        interval=entry.interval,
        interval_count=entry.interval_count,
        amount=entry.amount,
        currency=entry.currency,
        tax_behavior=entry.tax_behavior,
        trial_days=entry.trial_days,
        active=True,
    )
