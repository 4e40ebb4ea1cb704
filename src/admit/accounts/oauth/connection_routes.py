"""The page of accounts elsewhere that open this one."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.accounts.oauth.connections import accept_offer, connected, disconnect, offer_for
from admit.accounts.oauth.cookies import end_offer, offer_of
from admit.accounts.oauth.departure import CONNECTIONS, send_to
from admit.accounts.oauth.deps import AppProviders, NamedProvider
from admit.accounts.oauth.models import Purpose
from admit.accounts.oauth.registry import LABELS
from admit.core.db import Db, ReadDb
from admit.core.errors import NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts

router = APIRouter(include_in_schema=False, prefix=CONNECTIONS)


@router.get("")
async def show_connections(
    request: Request, person: Verified, providers: AppProviders, db: ReadDb, clock: AppClock
) -> Response:
    mine = {each.provider: each for each in await connected(db, person.id)}
    offer = await offer_for(db, offer_of(request), user_id=person.id, now=clock.wall())
    names = [name for name in LABELS if name in providers or name in mine]
    context = {
        "connections": [
            {
                "name": name,
                "label": LABELS[name],
                "identity": mine.get(name),
                "on": name in providers,
            }
            for name in names
        ],
        "offer": offer if offer and offer.provider not in mine else None,
        "labels": LABELS,
    }
    return page(request, "accounts/connections.html", context)


@router.post("/{provider}")
async def begin_connecting(
    request: Request,
    provider: NamedProvider,
    person: RecentlyProved,
    parts: AppParts,
    caller: AppCaller,
) -> Response:
    purpose, session_id = Purpose.connect, person.session_id
    return await send_to(
        request, provider, parts, purpose=purpose, caller=caller, session_id=session_id
    )


@router.post("/{provider}/accept")
async def accept(
    request: Request,
    provider: str,
    *,
    person: RecentlyProved,
    db: Db,
    letters: AppLetters,
    caller: AppCaller,
    clock: AppClock,
) -> Response:
    """Joins what was offered when its owner came from there."""
    await accept_offer(
        db,
        letters,
        person.id,
        token=offer_of(request),
        provider=provider,
        caller=caller,
        now=clock.wall(),
    )
    response = go_to(request, CONNECTIONS, say=f"{LABELS[provider]} is connected.")
    end_offer(request, response)
    return response


@router.post("/{provider}/disconnect")
async def take_off(
    request: Request,
    provider: str,
    *,
    person: RecentlyProved,
    db: Db,
    letters: AppLetters,
    caller: AppCaller,
    clock: AppClock,
) -> Response:
    if provider not in LABELS:
        raise NotFound
    await disconnect(db, letters, person.id, provider, caller=caller, now=clock.wall())
    return go_to(request, CONNECTIONS, say=f"{LABELS[provider]} is disconnected.")
