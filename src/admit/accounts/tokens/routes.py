"""What programs do once they are let in: renew, look, and leave."""

from datetime import timedelta
from typing import Any, Literal

from fastapi import APIRouter, Response

from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import SignedIn, open_to_keys
from admit.accounts.devices.overview import Device, devices_of, end_device, end_others
from admit.accounts.limits.service import Limit, spend
from admit.accounts.sessions.cookies import DEVICE
from admit.accounts.sessions.service import end_session
from admit.accounts.tokens import keys, refresh
from admit.accounts.tokens.access_tokens import LIFE
from admit.accounts.tokens.desk import REFRESH, AppDesk
from admit.accounts.tokens.errors import RefreshRefused
from admit.accounts.tokens.schemas import (
    JwkSet,
    Me,
    Refresh,
    Renewed,
    SessionList,
    SessionShown,
)
from admit.accounts.tokens.service import access_token
from admit.accounts.waits import too_soon
from admit.core.db import Db, ReadDb
from admit.core.errors import NotFound
from admit.core.http.openapi import SIGNED_IN, leads_to, problems
from admit.core.http.state import AppClock

router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])
jwks_router = APIRouter(tags=["sign-in"])
REFUSED_REFRESHES = Limit("refresh_refused", allowed=60, period=timedelta(minutes=5))
"""From one network. A token that works is never held back: nobody can guess one."""


@router.post(
    "/refresh",
    operation_id="refresh",
    responses=problems(401, 429) | leads_to(200, refresh={"refresh_token": "refresh_token"}),
)
async def submit_refresh(desk: AppDesk, asked: Refresh | None = None) -> Renewed:
    """A new access token, and the refresh token that comes next; the one that was sent is used up.

    When an answer was lost, the same token may be sent again within ten seconds and gives the
    same successor. Sent again later it ends the session: somebody else may hold it.
    """
    given = asked.refresh_token if asked else None
    token = given or desk.jar.read(desk.request, REFRESH)
    if token is None:
        raise RefreshRefused
    access = wait = None
    async with desk.parts.database.write() as db:
        renewed = await refresh.renew(
            db,
            desk.letters,
            token,
            lifetimes=desk.lifetimes,
            caller=desk.caller,
            now=desk.now,
        )
        if isinstance(renewed, refresh.Renewed):
            access = await access_token(
                db, desk.parts.vault, renewed.session, realm=desk.realm, now=desk.now
            )
        else:
            wait = await spend(db, REFUSED_REFRESHES, desk.caller.network, now=desk.now)
    if wait is not None:
        raise too_soon(wait)
    if access is None or not isinstance(renewed, refresh.Renewed):
        raise RefreshRefused
    desk.hand_over(renewed.refresh_token, "body" if given else "cookie")
    return Renewed(
        access_token=access,
        expires_in=int(LIFE.total_seconds()),
        refresh_token=renewed.refresh_token if given else None,
    )


@router.post("/sign-out", operation_id="sign_out", status_code=204, openapi_extra=SIGNED_IN)
async def submit_sign_out(db: Db, desk: AppDesk, person: SignedIn) -> None:
    """Ends the session: its access and refresh tokens are refused from the next request on."""
    await end_session(db, person, caller=desk.caller, now=desk.now)
    if desk.jar.read(desk.request, REFRESH):
        desk.jar.clear(desk.response, REFRESH)


@router.get(
    "/me",
    operation_id="get_me",
    openapi_extra=SIGNED_IN,
    dependencies=[open_to_keys(Scope.account_read)],
)
async def show_me(person: SignedIn) -> Me:
    return Me(
        id=person.id,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        is_verified=person.is_verified,
        features=sorted(person.features),
    )


@router.get("/sessions", operation_id="list_sessions", openapi_extra=SIGNED_IN)
async def show_sessions(db: ReadDb, clock: AppClock, person: SignedIn) -> SessionList:
    """Where the person is signed in: browsers and programs."""
    devices = await devices_of(db, person, now=clock.wall())
    return SessionList(data=[shown(device) for device in devices])


@router.delete(
    "/sessions", operation_id="end_other_sessions", status_code=204, openapi_extra=SIGNED_IN
)
async def submit_end_others(db: Db, desk: AppDesk, person: SignedIn) -> None:
    """Every session but this one."""
    device_token = desk.jar.read(desk.request, DEVICE)
    await end_others(db, person, device_token=device_token, caller=desk.caller, now=desk.now)


@router.delete(
    "/sessions/{session_id}",
    operation_id="end_session",
    status_code=204,
    openapi_extra=SIGNED_IN,
    responses=problems(404),
)
async def submit_end(session_id: str, db: Db, desk: AppDesk, person: SignedIn) -> None:
    """Raises `NotFound`, also for somebody else's."""
    if not await end_device(db, person, session_id, caller=desk.caller, now=desk.now):
        raise NotFound("You have no session of that name.")


@jwks_router.get("/.well-known/jwks.json", operation_id="list_signing_keys")
async def show_keys(response: Response, db: ReadDb) -> JwkSet:
    """The public keys of our access tokens (RFC 7517), so that other services can check them."""
    response.headers["Cache-Control"] = "public, max-age=300"
    published: list[dict[str, Any]] = list(await keys.published(db))
    return JwkSet(keys=published)


def shown(device: Device) -> SessionShown:
    kind: Literal["browser", "api"] = "api" if device.is_program else "browser"
    return SessionShown(
        id=device.session_id,
        device=device.name,
        kind=kind,
        ip=device.ip,
        created_at=device.since,
        last_seen_at=device.last_seen_at,
        is_current=device.is_this_one,
    )
