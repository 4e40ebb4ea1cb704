"""Guards of the API's routes: `dependencies=[..., changed_since(*kinds)]`.

Named last among a route's dependencies: nobody is told of a list that is not open to them.
"""

from fastapi import Depends, Request, Response
from fastapi.params import Depends as Dependency

from admit.accounts.deps import Verified
from admit.billing.versions.service import scopes_of
from admit.core.db import ReadDb
from admit.core.versions.deps import answer_unless_known, write_only_if_still


def changed_since(*kinds: str) -> Dependency:
    """For what everybody reads. Raises `NotModified`."""

    async def check(request: Request, response: Response, db: ReadDb) -> None:
        await answer_unless_known(request, response, db, kinds=kinds)

    dependency: Dependency = Depends(check, scope="function")
    return dependency


def mine_changed_since(*kinds: str) -> Dependency:
    """For a person's own lists, and single things in them. Raises `NotModified`."""

    async def check(request: Request, response: Response, db: ReadDb, person: Verified) -> None:
        scopes = await scopes_of(db, person.id)
        await answer_unless_known(request, response, db, kinds=kinds, scopes=scopes)

    dependency: Dependency = Depends(check, scope="function")
    return dependency


def still_mine(*kinds: str) -> Dependency:
    """For a change to them that may carry `If-Match`. Raises `Changed`."""

    async def check(request: Request, db: ReadDb, person: Verified) -> None:
        scopes = await scopes_of(db, person.id)
        await write_only_if_still(request, db, kinds=kinds, scopes=scopes)

    dependency: Dependency = Depends(check, scope="function")
    return dependency
