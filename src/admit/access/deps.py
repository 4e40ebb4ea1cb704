"""Who asks, and whether the page is open to them."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from admit.access.asking import Asking
from admit.access.errors import FeatureNeeded, LevelNeeded
from admit.access.service import access_of, may
from admit.accounts.deps import credential_of, recognition_of, signed_in
from admit.core.errors import ConfirmationNeeded
from admit.core.http.state import parts_of


def asking_of(request: Request) -> Asking:
    asking: Asking = request.app.state.asking
    return asking


AppAsking = Annotated[Asking, Depends(asking_of)]


async def load_visitor(request: Request) -> None:
    """Puts the signed-in person, with the features open now, at `request.state.person`.

    Who shows an API key is nobody yet: see `accounts.deps.open_to_keys`.

    Its session is closed before the page opens its own: a request that held one connection
    while it waited for another would lock out its likes on a small pool.
    """
    request.state.person = request.state.api_key = None
    credential = credential_of(request)
    if credential is None:
        return
    parts = parts_of(request)
    async with parts.database.read() as db:
        known = await recognition_of(request).of(db, credential, now=parts.clock.wall())
        if known is None:
            return
        access = await access_of(db, known.person.id, parts.clock.business())
    person = replace(known.person, features=access.features, level=access.level)
    if known.key_id is None:
        request.state.person = person
    else:
        request.state.api_key = replace(known, person=person)


def requires_feature(feature: str) -> Dependency:
    """Guards a page or an endpoint:
    `@router.get("/premium", dependencies=[requires_feature("premium")])`.

    Raises `FeatureNeeded`; `SignInNeeded`, which leads browsers to the sign-in and back; or
    `ConfirmationNeeded` while the address is not confirmed.
    """

    async def guard(request: Request) -> None:
        person = signed_in(request)
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


def requires_level(level: int) -> Dependency:
    """Guards by the level of the plan: a higher one opens what a lower one does.

    Raises `LevelNeeded`, and else what `requires_feature` does.
    """

    def guard(request: Request) -> None:
        person = signed_in(request)
        if person.level >= level:
            return
        if not person.is_verified:
            raise ConfirmationNeeded
        raise LevelNeeded(level)

    dependency: Dependency = Depends(guard)
    return dependency
