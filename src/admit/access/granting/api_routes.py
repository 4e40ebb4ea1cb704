"""Grants by hand over the API, for staff that signed in; no API key opens it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from admit.access.decision import Reason
from admit.access.explaining.deps import AppTelling
from admit.access.explaining.moment import moment_of
from admit.access.explaining.service import Explanation, explain_all
from admit.access.granting.forms import NewGrant, problems_with
from admit.access.granting.service import grant_by_hand, person_at
from admit.access.service import revoke
from admit.accounts.deps import Staff
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.openapi import SIGNED_IN, problems
from admit.core.http.state import AppClock

router = APIRouter(prefix="/api/v1/admin", tags=["access"])


class Asked(BaseModel):
    email: str
    at: str = ""
    """A moment that is past, as 2026-03-01T12:00:00Z; without one it is now."""


class LinkShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    kind: str
    words: str
    ref: str | None


class GrantShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    source: str
    source_id: str
    limit: int | None
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    ended_because: str | None
    is_open: bool


class Explained(BaseModel):
    feature: str
    allowed: bool
    reason: Reason
    limit: int | None
    until: datetime | None
    rests_on: list[LinkShown]
    """The chain of the answer: from the source down to what told of it."""
    grants: list[GrantShown]
    """Everything that had begun by then, newest first."""


class ExplainedAccess(BaseModel):
    user_id: str
    at: datetime
    data: list[Explained]


class Granted(BaseModel):
    id: str


class Revocation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str


@router.get("/access", operation_id="explain_access", openapi_extra=SIGNED_IN)
async def explain_access(
    db: ReadDb,
    clock: AppClock,
    telling: AppTelling,
    _staff: Staff,
    asked: Annotated[Asked, Query()],
) -> ExplainedAccess:
    """What is or was open to the person with this address, and why."""
    at = moment_of(asked.at, now=clock.business())
    user = await person_at(db, asked.email, now=clock.wall())
    explanations = await explain_all(db, telling, user.id, at=at)
    return ExplainedAccess(user_id=user.id, at=at, data=[shown(each) for each in explanations])


@router.post("/grants", operation_id="grant_access", status_code=201, openapi_extra=SIGNED_IN)
async def submit_grant(asked: NewGrant, db: Db, clock: AppClock, staff: Staff) -> Granted:
    wish = asked.checked(now=clock.business())
    user = await person_at(db, asked.email, now=clock.wall())
    now = clock.business()
    return Granted(id=await grant_by_hand(db, user, wish, by=staff.id, now=now))


@router.post(
    "/grants/{grant_id}/revocation",
    operation_id="revoke_grant",
    status_code=204,
    openapi_extra=SIGNED_IN,
    responses=problems(404),
)
async def submit_revocation(
    grant_id: str, asked: Revocation, db: Db, clock: AppClock, staff: Staff
) -> None:
    """What staff granted; grants of other sources end with their source."""
    if errors := problems_with(asked.reason):
        raise InvalidInput(errors)
    now, by = clock.business(), staff.id
    await revoke(db, grant_id=grant_id, reason=asked.reason, revoked_by=by, now=now)


def shown(explanation: Explanation) -> Explained:
    decided = explanation.decision
    return Explained(
        feature=explanation.feature.key,
        allowed=decided.allowed,
        reason=decided.reason,
        limit=decided.limit,
        until=decided.until,
        rests_on=[LinkShown.model_validate(link) for link in explanation.rests_on],
        grants=[GrantShown.model_validate(each) for each in explanation.stretches],
    )
