"""The page between a gated site and Admit: it signs in, says what is lacking, and leads back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from admit.access.decision import NOTHING_KNOWN
from admit.access.errors import FeatureNeeded
from admit.access.forward import Origins
from admit.access.service import access_of
from admit.accounts.deps import Verified
from admit.accounts.destination import HOME
from admit.core.db import ReadDb
from admit.core.http.state import parts_of

router = APIRouter(include_in_schema=False)


class Passing(BaseModel):
    feature: list[str] = Field(default=[], max_length=20)
    back_to: str = Field(default="", alias="return", max_length=2000)


@router.get("/gate")
async def pass_gate(
    request: Request, person: Verified, db: ReadDb, passing: Annotated[Passing, Query()]
) -> Response:
    """Raises `FeatureNeeded`, which shows the plans that open it."""
    parts = parts_of(request)
    access = await access_of(db, person.id, parts.clock.business())
    for key in passing.feature:
        decided = access.decisions.get(key, NOTHING_KNOWN)
        if not decided.allowed:
            raise FeatureNeeded(key, reason=decided.reason)
    sites = Origins(parts.settings.public_url, parts.settings.gated_origins)
    return RedirectResponse(sites.address(passing.back_to) or HOME, status_code=303)
