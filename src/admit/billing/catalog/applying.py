"""Makes the database say what a catalogue says. Nothing is deleted: what vanished is inactive.

All who change the catalogue take turns, so that codes and versions are looked at and written by
one of them at a time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import FeatureDefinition, define_features
from admit.billing.catalog.comparison import terms_of
from admit.billing.catalog.entries import Catalog, PlanEntry, PriceEntry
from admit.billing.catalog.events import PlanFeaturesChanged
from admit.billing.catalog.models import Plan, PlanFeature, Price
from admit.billing.catalog.repository import Plans, Prices
from admit.core.events import record
from admit.core.ids import new_id

Row = Plan | Price


async def apply(db: AsyncSession, catalog: Catalog, *, now: datetime) -> None:
    """Idempotent. `now` is wall time.

    A changed amount, currency or interval is a new price, and the old one is kept, inactive, for
    those who subscribed to it.
    """
    plans = {plan.code: plan for plan in await Plans(db).lock_all()}
    await define_features(
        db, [FeatureDefinition(**feature.model_dump()) for feature in catalog.features]
    )
    vanished = plans.keys() - {entry.code for entry in catalog.plans}
    for code in sorted(vanished):
        await withdraw(db, plans[code], now=now)
    await _write(db, plans, catalog.plans, now=now)


async def save(db: AsyncSession, entry: PlanEntry, *, now: datetime) -> Plan:
    """Makes one plan equal to its entry, and leaves the others alone."""
    plans = {plan.code: plan for plan in await Plans(db).lock_all()}
    await _write(db, plans, [entry], now=now)
    return await Plans(db).by_code(entry.code)


async def withdraw(db: AsyncSession, plan: Plan, *, now: datetime) -> None:
    """No longer sold, and its prices neither; who has it keeps it."""
    prices = [row for row in await Prices(db).of_plan(plan.code) if row.active]
    if not plan.active and not prices:
        return
    rows: list[Row] = [plan, *prices]
    for row in rows:
        _set_active(row, active=False, now=now)
    _count(plan, now=now)
    await db.flush()


async def _write(
    db: AsyncSession, plans: dict[str, Plan], entries: Sequence[PlanEntry], *, now: datetime
) -> None:
    known = frozenset(plans)
    for entry in entries:
        if entry.code not in known:
            plans[entry.code] = _new_plan(db, entry, now=now)
        _bring_in_line(plans[entry.code], entry, now=now)
    changed = {code for code, plan in plans.items() if db.is_modified(plan)}
    opening = {code for code in changed if _opens_otherwise(plans[code])}
    await db.flush()
    for entry in entries:
        if await _bring_features_in_line(db, plans[entry.code], entry):
            changed.add(entry.code)
            opening.add(entry.code)
    changed |= await _bring_prices_in_line(db, entries, now=now)
    for code in sorted(changed & known):
        _count(plans[code], now=now)
    for code in sorted(opening & known):
        await record(db, PlanFeaturesChanged(plan_code=code), now=now, subject=code)
    await db.flush()


def _count(plan: Plan, *, now: datetime) -> None:
    plan.version += 1
    plan.updated_at = now


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


def _bring_in_line(plan: Plan, entry: PlanEntry, *, now: datetime) -> None:
    plan.level = entry.level
    plan.group = entry.group
    plan.grace_days = entry.grace_days
    plan.max_quantity = entry.max_quantity
    at_stripe = _shown_at_stripe(plan)
    plan.name = entry.name
    plan.description = entry.description
    plan.tax_code = entry.tax_code
    if at_stripe != _shown_at_stripe(plan):
        plan.revision += 1
    _set_active(plan, active=True, now=now)


def _shown_at_stripe(plan: Plan) -> tuple[str | None, ...]:
    return (plan.name, plan.description, plan.tax_code)


def _opens_otherwise(plan: Plan) -> bool:
    """Besides its features: what else the access of its subscribers is made of."""
    state = inspect(plan)
    return any(state.attrs[name].history.has_changes() for name in ("level", "grace_days"))


def _set_active(row: Row, *, active: bool, now: datetime) -> None:
    if row.active != active:
        row.active = active
        row.retired_at = None if active else now
        row.revision += 1


async def _bring_features_in_line(db: AsyncSession, plan: Plan, entry: PlanEntry) -> bool:
    """Whether the plan opens anything else than before."""
    present, wanted = await Plans(db).limits_of(plan.code), entry.limits
    for key, limit in wanted.items():
        await db.merge(PlanFeature(plan_code=plan.code, feature_key=key, limit=limit))
    for key in sorted(present.keys() - wanted.keys()):
        await db.delete(await db.get_one(PlanFeature, (plan.code, key)))
    if present.keys() != wanted.keys():
        plan.revision += 1
    await db.flush()
    return present != wanted


async def _bring_prices_in_line(
    db: AsyncSession, entries: Sequence[PlanEntry], *, now: datetime
) -> set[str]:
    """The codes of the plans whose prices are others than before."""
    codes = {entry.code for entry in entries}
    rows = [row for row in await Prices(db).all() if row.plan_code in codes]
    wanted = [(plan.code, entry) for plan in entries for entry in plan.prices]
    kept = [(_with_terms(rows, plan_code, entry), plan_code, entry) for plan_code, entry in wanted]
    sold = {row.id for row, _, _ in kept if row is not None}
    for row in rows:
        if row.id not in sold:
            _set_active(row, active=False, now=now)
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
            _set_active(same, active=True, now=now)
    await db.flush()
    return changed


def _with_terms(rows: Iterable[Price], plan_code: str, entry: PriceEntry) -> Price | None:
    """The newest row of exactly these terms."""
    wanted = (plan_code, entry.code, *terms_of(entry))
    same = [row for row in rows if (row.plan_code, row.code, *terms_of(row)) == wanted]
    return max(same, key=lambda row: row.id, default=None)


def _new_price(plan_code: str, entry: PriceEntry) -> Price:
    return Price(id=new_id("prc"), plan_code=plan_code, active=True, **entry.model_dump())
