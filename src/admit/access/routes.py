"""The API's description of access. Requests are answered by `hot_road` and `forward` before they
come here; these say the same, so that the description cannot drift from a working endpoint.
"""

from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from admit.access.answers import etag_of
from admit.access.errors import UnknownFeature
from admit.access.forward import Asked, gate_of, let_through
from admit.access.schemas import AllFeatures, OneFeature, all_features, one_feature
from admit.access.service import Access, access_of
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import SignedIn, open_to_keys
from admit.core.db import ReadDb
from admit.core.http.openapi import problems
from admit.core.http.state import AppClock

router = APIRouter(prefix="/api/v1", tags=["access"])
READS_ACCESS = [open_to_keys(Scope.access_read)]
TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "Of this answer.", "schema": {"type": "string"}}}},
    304: {"description": "The answer that `If-None-Match` names still holds."},
}
Answered = TypeVar("Answered", AllFeatures, OneFeature)


async def own_access(person: SignedIn, db: ReadDb, clock: AppClock) -> Access:
    return await access_of(db, person.id, clock.business())


OwnAccess = Annotated[Access, Depends(own_access)]


@router.get("/access", operation_id="list_access", dependencies=READS_ACCESS, responses=TAGGED)
async def list_access(access: OwnAccess, response: Response) -> AllFeatures:
    """Every feature, and whether it is open to the signed-in person."""
    return tagged(response, access.version, all_features(access))


@router.get(
    "/access/forward",
    operation_id="forward_access",
    status_code=204,
    dependencies=READS_ACCESS,
    responses=problems(401, 403),
)
async def forward_access(
    request: Request,
    access: OwnAccess,
    feature: Annotated[list[str] | None, Query()] = None,
    redirect: Annotated[Literal["1"] | None, Query()] = None,
    x_admit_feature: Annotated[str | None, Header()] = None,
) -> Response:
    """For a proxy: 204 lets the request of this person through.

    Each `feature` has to be open. The answer says who asks in `X-Admit-User`, `X-Admit-Features`
    and `X-Admit-Level`; a refusal names the page that people go on to in `Location`, and with
    `redirect=1` leads browsers there (302).
    """
    del feature, redirect
    asked = Asked(request.scope["query_string"], (x_admit_feature or "").encode())
    answer = let_through(access, gate_of(asked), ())
    said = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(status_code=answer.status, headers=said)


@router.get(
    "/access/{feature}", operation_id="get_access", dependencies=READS_ACCESS, responses=TAGGED
)
async def get_access(feature: str, access: OwnAccess, response: Response) -> OneFeature:
    """May the signed-in person use this feature, why, and until when?

    Answered from memory. A change is honoured at once in the process that made it, and within
    two seconds in every other one.
    """
    if feature not in access.decisions:
        raise UnknownFeature
    return tagged(response, access.version, one_feature(feature, access.decisions[feature]))


def tagged(response: Response, version: int, answer: Answered) -> Answered:
    response.headers["ETag"] = etag_of(version, answer.model_dump_json().encode()).decode()
    return answer
