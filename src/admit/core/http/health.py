"""`/healthz` says that the process lives and touches nothing; `/readyz` asks what it needs."""

from datetime import timedelta

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from admit.core import migrations
from admit.core.errors import MethodNotAllowed
from admit.core.events.repository import Reactions
from admit.core.http.answers import problem
from admit.core.http.frame import request_id_of
from admit.core.http.hot import hot_headers
from admit.core.http.state import AppParts, Parts

router = APIRouter()
METHODS = ("GET", "HEAD")
ACCEPTABLE_LAG = timedelta(minutes=5)


async def healthz(scope: Scope, receive: Receive, send: Send) -> None:
    request_id = request_id_of(scope)
    headers = hot_headers(request_id)
    response: Response = PlainTextResponse("ok", headers=headers)
    if scope["method"] not in METHODS:
        response = problem(MethodNotAllowed(), request_id, {**headers, "Allow": ", ".join(METHODS)})
    await response(scope, receive, send)


@router.get("/readyz", operation_id="readiness", tags=["operations"])
async def readyz(parts: AppParts) -> JSONResponse:
    """200 when database, migrations and jobs are well; 503 names what is not."""
    checks = await readiness(parts)
    ready = all(answer == "ok" for answer in checks.values())
    return JSONResponse({"ready": ready, "checks": checks}, status_code=200 if ready else 503)


async def readiness(parts: Parts) -> dict[str, str]:
    try:
        async with parts.database.read() as db:
            await db.execute(text("SELECT 1"))
            connection = await db.connection()
            current = await connection.run_sync(migrations.is_current)
            oldest = await Reactions(db).oldest_waiting(parts.clock.wall()) if current else None
    except (SQLAlchemyError, OSError):
        return {"database": "does not answer"}
    late = oldest is not None and parts.clock.wall() - oldest > ACCEPTABLE_LAG
    return {
        "database": "ok",
        "migrations": "ok" if current else "run `admit migrate`",
        "jobs": f"oldest waits since {oldest:%Y-%m-%d %H:%M} UTC" if late else "ok",
    }
