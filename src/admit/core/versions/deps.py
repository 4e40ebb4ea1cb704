"""For routes of the API: 304 before the body is loaded, 412 before anything is written."""

from collections.abc import Collection

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from admit.core.http.conditional import only_if_still, unless_known
from admit.core.versions.service import number_of


async def answer_unless_known(
    request: Request,
    response: Response,
    db: AsyncSession,
    *,
    kinds: Collection[str],
    scopes: Collection[str] = (),
) -> None:
    """Sets `ETag` from the numbers of these lists. Raises `NotModified`."""
    unless_known(request, response, await number_of(db, kinds, scopes))


async def write_only_if_still(
    request: Request, db: AsyncSession, *, kinds: Collection[str], scopes: Collection[str] = ()
) -> None:
    """What `If-Match` names must be what a read would show now. Raises `Changed`."""
    only_if_still(request, await number_of(db, kinds, scopes))
