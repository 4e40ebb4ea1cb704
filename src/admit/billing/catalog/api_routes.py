"""Plans over the API: anybody reads what is sold, administrators change it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.deps import Admin, Visitor
from admit.billing.catalog.editing import (
    Change,
    Still,
    change_plan,
    create_plan,
    restore_plan,
    retire_plan,
    with_fields,
    with_price,
    without_price,
)
from admit.billing.catalog.entries import PriceEntry
from admit.billing.catalog.errors import UnknownPlan
from admit.billing.catalog.models import Plan
from admit.billing.catalog.repository import Plans
from admit.billing.catalog.schemas import (
    FeatureList,
    NewPlan,
    PlanChange,
    PlanList,
    PlanShown,
    plan_shown,
)
from admit.billing.catalog.service import plans
from admit.billing.catalog.standing import standing_catalog, standing_entry
from admit.billing.versions.deps import changed_since
from admit.core.db import Db, ReadDb
from admit.core.http.conditional import only_if_still, tag_of, unless_known
from admit.core.http.openapi import NOT_MODIFIED, SIGNED_IN, problems
from admit.core.http.state import AppClock

router = APIRouter(prefix="/api/v1", tags=["plans"])
CHANGES = problems(401, 403, 404, 409, 412, 422)


@dataclass(frozen=True)
class EditOfAdmin:
    db: AsyncSession
    still: Still
    """Raises `Changed` when `If-Match` names another version; asked while others wait."""
    by: str
    now: datetime

    async def change(self, code: str, change: Change, response: Response) -> PlanShown:
        plan = await change_plan(self.db, code, change, still=self.still, by=self.by, now=self.now)
        return await _written(self.db, response, plan)


def edit_of_admin(request: Request, person: Admin, db: Db, clock: AppClock) -> EditOfAdmin:
    return EditOfAdmin(
        db=db,
        still=lambda plan: only_if_still(request, plan.version),
        by=person.id,
        now=clock.wall(),
    )


Edit = Annotated[EditOfAdmin, Depends(edit_of_admin, scope="function")]


@router.get(
    "/features",
    operation_id="list_features",
    dependencies=[changed_since("plans")],
    responses=NOT_MODIFIED,
)
async def list_features(db: ReadDb) -> FeatureList:
    """What plans may open, in the order in which pages show it."""
    return FeatureList(data=(await standing_catalog(db)).features)


@router.get(
    "/plans",
    operation_id="list_plans",
    dependencies=[changed_since("plans")],
    responses=NOT_MODIFIED,
)
async def list_plans(db: ReadDb) -> PlanList:
    """What is sold now, the lowest level first."""
    offered = [view.code for view in await plans(db)]
    rows = {plan.code: plan for plan in await Plans(db).all()}
    entries = {entry.code: entry for entry in (await standing_catalog(db)).plans}
    return PlanList(data=[plan_shown(rows[code], entries[code]) for code in offered])


@router.get("/plans/{plan_code}", operation_id="get_plan", responses=problems(404) | NOT_MODIFIED)
async def get_plan(
    request: Request, response: Response, plan_code: str, person: Visitor, db: ReadDb
) -> PlanShown:
    """A plan that is no longer sold is shown to staff only."""
    plan = await Plans(db).find(plan_code)
    if plan is None or not (plan.active or (person is not None and person.is_staff)):
        raise UnknownPlan
    unless_known(request, response, plan.version)
    return await _shown(db, plan)


@router.post(
    "/plans",
    operation_id="create_plan",
    status_code=201,
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 422),
)
async def create(asked: NewPlan, response: Response, edit: Edit) -> PlanShown:
    """It is sold at once, and offered at Stripe a moment later."""
    plan = await create_plan(edit.db, asked, by=edit.by, now=edit.now)
    response.headers["Location"] = f"/api/v1/plans/{plan.code}"
    return await _written(edit.db, response, plan)


@router.patch(
    "/plans/{plan_code}",
    operation_id="change_plan",
    openapi_extra=SIGNED_IN,
    responses=CHANGES,
)
async def change(plan_code: str, asked: PlanChange, response: Response, edit: Edit) -> PlanShown:
    """With `If-Match` nothing is written when somebody changed the plan after you read it."""
    return await edit.change(plan_code, with_fields(asked.named), response)


@router.delete(
    "/plans/{plan_code}",
    operation_id="retire_plan",
    status_code=204,
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 404, 412),
)
async def retire(plan_code: str, edit: Edit) -> None:
    """It is no longer sold; who has it keeps it, at their price."""
    await retire_plan(edit.db, plan_code, still=edit.still, by=edit.by, now=edit.now)


@router.post(
    "/plans/{plan_code}/restoration",
    operation_id="restore_plan",
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403, 404, 412, 422),
)
async def restore(plan_code: str, response: Response, edit: Edit) -> PlanShown:
    """Sells it again, at the prices that were retired with it."""
    plan = await restore_plan(edit.db, plan_code, still=edit.still, by=edit.by, now=edit.now)
    return await _written(edit.db, response, plan)


@router.post(
    "/plans/{plan_code}/prices",
    operation_id="add_price",
    status_code=201,
    openapi_extra=SIGNED_IN,
    responses=CHANGES,
)
async def add_price(plan_code: str, asked: PriceEntry, response: Response, edit: Edit) -> PlanShown:
    return await edit.change(plan_code, with_price(asked), response)


@router.put(
    "/plans/{plan_code}/prices/{price_code}",
    operation_id="replace_price",
    openapi_extra=SIGNED_IN,
    responses=CHANGES,
)
async def replace_price(
    plan_code: str, price_code: str, asked: PriceEntry, response: Response, edit: Edit
) -> PlanShown:
    """Other terms are another price: who subscribed before stays at theirs."""
    return await edit.change(plan_code, with_price(asked, instead_of=price_code), response)


@router.delete(
    "/plans/{plan_code}/prices/{price_code}",
    operation_id="retire_price",
    openapi_extra=SIGNED_IN,
    responses=CHANGES,
)
async def retire_price(
    plan_code: str, price_code: str, response: Response, edit: Edit
) -> PlanShown:
    """A plan that has lost its last price is not shown until it has another."""
    return await edit.change(plan_code, without_price(price_code), response)


async def _shown(db: AsyncSession, plan: Plan) -> PlanShown:
    return plan_shown(plan, await standing_entry(db, plan))


async def _written(db: AsyncSession, response: Response, plan: Plan) -> PlanShown:
    response.headers["ETag"] = tag_of(plan.version)
    return await _shown(db, plan)
