"""What staff do to one plan: each verb reads, decides and writes while all others wait.

`still` is asked about the plan as it stands and raises when somebody else was faster; `by` is the
id of whoever does it; `now` is wall time. Raises `UnknownPlan`, `PlanRetired`, and `InvalidInput`
by field.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from admit.billing.catalog.applying import save, withdraw
from admit.billing.catalog.entries import Catalog, PlanEntry, PriceEntry, problems_of
from admit.billing.catalog.errors import (
    EditedMeanwhile,
    PlanRetired,
    UnknownPlan,
    UnknownPlanPrice,
)
from admit.billing.catalog.events import CatalogEdited
from admit.billing.catalog.models import Plan
from admit.billing.catalog.repository import Plans, Prices
from admit.billing.catalog.standing import entry_of_price, standing_catalog, standing_entry
from admit.core.errors import InvalidInput
from admit.core.events import record

Change = Callable[[PlanEntry], PlanEntry]
Still = Callable[[Plan], None]


def as_read(version: int) -> Still:
    """Raises `EditedMeanwhile` when the plan is of another version."""

    def check(plan: Plan) -> None:
        if plan.version != version:
            raise EditedMeanwhile

    return check


async def create_plan(db: AsyncSession, entry: PlanEntry, *, by: str, now: datetime) -> Plan:
    """Sold at once. A code is never given twice, for subscriptions remember it."""
    plans = await Plans(db).lock_all()
    errors = await _problems(db, entry)
    if any(plan.code == entry.code for plan in plans):
        errors["code"] = "Another plan has this code, or had it once. Choose another."
    if errors:
        raise InvalidInput(errors)
    return await _save(db, entry, by=by, now=now)


async def change_plan(
    db: AsyncSession, code: str, change: Change, *, still: Still, by: str, now: datetime
) -> Plan:
    """`change` turns what the plan says now into what it should say."""
    plan = await _locked(db, code, still=still)
    if not plan.active:
        raise PlanRetired
    entry = change(await standing_entry(db, plan))
    if errors := await _problems(db, entry):
        raise InvalidInput(errors)
    return await _save(db, entry, by=by, now=now)


async def retire_plan(db: AsyncSession, code: str, *, still: Still, by: str, now: datetime) -> Plan:
    """No longer sold; who has it keeps it, at their price. Doing so twice changes nothing more."""
    plan = await _locked(db, code, still=still)
    await withdraw(db, plan, now=now)
    await record(db, CatalogEdited(plan_code=code, by=by), now=now, subject=code)
    return plan


async def restore_plan(
    db: AsyncSession, code: str, *, still: Still, by: str, now: datetime
) -> Plan:
    """Sold again, at the prices that were retired with it."""
    plan = await _locked(db, code, still=still)
    if plan.active:
        return plan
    entry = await standing_entry(db, plan)
    prices = [
        entry_of_price(row)
        for row in await Prices(db).of_plan(code)
        if row.retired_at == plan.retired_at
    ]
    again = entry.model_copy(update={"prices": prices})
    if errors := await _problems(db, again):
        raise InvalidInput(errors)
    return await _save(db, again, by=by, now=now)


def with_fields(fields: Mapping[str, Any]) -> Change:
    return lambda entry: entry.model_copy(update=dict(fields))


def with_price(price: PriceEntry, *, instead_of: str | None = None) -> Change:
    """Other terms under a code that is there become another price; subscribers keep theirs.

    Raises `UnknownPlanPrice` when the one to be replaced is not sold, and `InvalidInput` when a
    new one takes a code that is in use.
    """

    def change(entry: PlanEntry) -> PlanEntry:
        codes = {known.code for known in entry.prices}
        if instead_of is not None and instead_of not in codes:
            raise UnknownPlanPrice
        if price.code in codes and price.code != instead_of:
            raise InvalidInput({"code": "The plan has a price of this code. Choose another."})
        kept = [known for known in entry.prices if known.code != instead_of]
        return entry.model_copy(update={"prices": [*kept, price]})

    return change


def without_price(code: str) -> Change:
    """Raises `UnknownPlanPrice`."""

    def change(entry: PlanEntry) -> PlanEntry:
        kept = [known for known in entry.prices if known.code != code]
        if len(kept) == len(entry.prices):
            raise UnknownPlanPrice
        return entry.model_copy(update={"prices": kept})

    return change


async def _locked(db: AsyncSession, code: str, *, still: Still) -> Plan:
    plan = next((plan for plan in await Plans(db).lock_all() if plan.code == code), None)
    if plan is None:
        raise UnknownPlan
    still(plan)
    return plan


async def _save(db: AsyncSession, entry: PlanEntry, *, by: str, now: datetime) -> Plan:
    plan = await save(db, entry, now=now)
    edited = CatalogEdited(plan_code=entry.code, by=by)
    await record(db, edited, now=now, subject=entry.code)
    return plan


async def _problems(db: AsyncSession, entry: PlanEntry) -> dict[str, str]:
    """A sentence by field; empty when it can be sold beside the others."""
    catalog = await standing_catalog(db)
    defined = {feature.key for feature in catalog.features}
    found = {
        problem.field: f"{problem.sentence[0].upper()}{problem.sentence[1:]}."
        for problem in problems_of(entry, defined)
    }
    return {**found, **_clashes(catalog, entry)}


def _clashes(catalog: Catalog, entry: PlanEntry) -> dict[str, str]:
    found = {}
    others = [plan for plan in catalog.plans if plan.code != entry.code]
    if any(plan.name == entry.name for plan in others):
        found["name"] = "Another plan has this name."
    elsewhere = {price.code for plan in others for price in plan.prices}
    own = [price.code for price in entry.prices]
    if taken := [code for code in own if code in elsewhere]:
        found["prices"] = f'Another plan has a price of the code "{taken[0]}".'
    elif len(set(own)) < len(own):
        found["prices"] = "Two prices have the same code."
    return found
