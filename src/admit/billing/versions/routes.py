"""What has changed since a program last looked, in one small answer."""

from fastapi import APIRouter, Request, Response

from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import Verified, open_to_keys
from admit.billing.versions.schemas import Versions
from admit.billing.versions.service import scopes_of
from admit.core.db import ReadDb
from admit.core.http.conditional import unless_known
from admit.core.http.openapi import NOT_MODIFIED, SIGNED_IN, problems
from admit.core.versions import numbers_of

router = APIRouter(prefix="/api/v1", tags=["versions"])


@router.get(
    "/versions",
    operation_id="list_versions",
    dependencies=[open_to_keys(Scope.account_read)],
    openapi_extra=SIGNED_IN,
    responses=problems(401, 403) | NOT_MODIFIED,
)
async def list_versions(
    request: Request, response: Response, db: ReadDb, person: Verified
) -> Versions:
    """A number for each list that you may read; ask for a list again when its number is another.

    `ETag` and `If-None-Match` work here, too: 304 means that nothing at all has changed.
    """
    numbers = await numbers_of(db, await scopes_of(db, person.id))
    unless_known(request, response, sum(numbers.values()))
    return Versions(versions=dict(numbers))
