"""Who asks, and whether the page is open to them."""

from dataclasses import replace

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from admit.access.errors import FeatureNeeded
from admit.access.service import features_of, may
from admit.accounts.deps import Visitor
from admit.accounts.sessions.service import person_of_token
from admit.core.errors import ConfirmationNeeded
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.state import parts_of


async def load_visitor(request: Request) -> None:
    """Puts the signed-in person, with the features open now, at `request.state.person`.

    Its session is closed before the page opens its own: a request that held one connection
    while it waited for another would lock out its likes on a small pool.
    """
    request.state.person = None
    token = jar_of(request).read(request, SESSION)
    if token is None:
        return
    parts = parts_of(request)
    async with parts.database.read() as db:
        person = await person_of_token(db, token, now=parts.clock.wall())
        if person is not None:
            features = await features_of(db, person.id, parts.clock.business())
            request.state.person = replace(person, features=features)


def requires_feature(feature: str) -> Dependency:
    """Guards a page: `@router.get(..., dependencies=[requires_feature("premium")])`.

    Raises `FeatureNeeded`, or `ConfirmationNeeded` while the address is not confirmed.
    """

    async def guard(request: Request, person: Visitor) -> None:
        if person is None:
            raise FeatureNeeded(feature, reason=None)
        if feature in person.features:
            return
        if not person.is_verified:
            raise ConfirmationNeeded
        parts = parts_of(request)
        async with parts.database.read() as db:
            decided = await may(db, person.id, feature, parts.clock.business())
        raise FeatureNeeded(feature, reason=decided.reason)

    dependency: Dependency = Depends(guard)
    return dependency
