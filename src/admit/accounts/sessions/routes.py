from fastapi import APIRouter, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller
from admit.accounts.sessions.service import sign_out
from admit.core.db import Db
from admit.core.http.answers import go_to
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.state import AppClock

router = APIRouter()


@router.post("/sign-out", include_in_schema=False)
async def leave(request: Request, db: Db, clock: AppClock, caller: AppCaller) -> Response:
    jar = jar_of(request)
    if token := jar.read(request, SESSION):
        await sign_out(db, token, caller=caller, now=clock.wall())
    response = go_to(request, "/", say="You are signed out.")
    jar.clear(response, SESSION)
    return response
