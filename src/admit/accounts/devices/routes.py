from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, SignedIn
from admit.accounts.devices.overview import devices_of, end_device, end_others
from admit.accounts.sessions.cookies import DEVICE
from admit.core.db import Db, ReadDb
from admit.core.errors import NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)
DEVICES = "/account/devices"


@router.get(DEVICES)
async def show_devices(request: Request, db: ReadDb, clock: AppClock, person: SignedIn) -> Response:
    devices = await devices_of(db, person, now=clock.wall())
    return page(request, "accounts/devices.html", {"devices": devices})


@router.post(f"{DEVICES}/others/end")
async def submit_end_others(
    request: Request, db: Db, clock: AppClock, caller: AppCaller, person: SignedIn
) -> Response:
    device = jar_of(request).read(request, DEVICE)
    await end_others(db, person, device_token=device, caller=caller, now=clock.wall())
    return go_to(request, DEVICES, say="Every other device is signed out.")


@router.post(f"{DEVICES}/{{session_id}}/end")
async def submit_end(
    request: Request,
    session_id: str,
    *,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    person: SignedIn,
) -> Response:
    if not await end_device(db, person, session_id, caller=caller, now=clock.wall()):
        raise NotFound
    if session_id != person.session_id:
        return go_to(request, DEVICES, say="That device is signed out.")
    response = go_to(request, "/", say="You are signed out.")
    jar_of(request).clear(response, SESSION)
    return response
