from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.accounts.leaving.deps import AppHoldings
from admit.accounts.leaving.export import HeldBack, as_csv, as_json, collect
from admit.accounts.leaving.service import (
    TIME_TO_THINK_AGAIN,
    ask_for_deletion,
    deactivate,
    is_last_admin,
)
from admit.accounts.repository import Users
from admit.accounts.waits import asks_for_patience, try_again_in
from admit.core.db import Db
from admit.core.http.answers import go_to, in_words, page
from admit.core.http.cookies import SESSION, jar_of
from admit.core.http.state import AppClock, AppSettings

router = APIRouter(include_in_schema=False)

LAST_ADMIN = "You are the only administrator. Make somebody else one before you leave."
NOT_SURE = "Tick the box to say that you are sure."
CLOSED = "Your account is closed. A mail says how to open it again."


@router.get("/account/data")
async def show_data(request: Request, _: Verified, holdings: AppHoldings) -> Response:
    return data_page(request, holdings)


@router.post("/account/data/export")
async def export(
    request: Request,
    *,
    person: RecentlyProved,
    file: Annotated[Literal["json", "csv"], Form()] = "json",
    holdings: AppHoldings,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    settings: AppSettings,
) -> Response:
    now = clock.wall()
    parts = await collect(db, person.id, holdings, caller=caller, now=now)
    if isinstance(parts, HeldBack):
        sentence = {"form": try_again_in(parts.wait, why="You asked for many copies.")}
        held = data_page(request, holdings, errors=sentence, status=429)
        return asks_for_patience(held, parts.wait)
    if file == "json":
        body = as_json(parts, site_name=settings.admit_site_name, now=now)
        return attachment(body, "application/json", f"your-data-{now:%Y-%m-%d}.json")
    return attachment(as_csv(parts, now=now), "application/zip", f"your-data-{now:%Y-%m-%d}.zip")


@router.post("/account/data/deactivation")
async def submit_deactivation(
    request: Request,
    *,
    person: RecentlyProved,
    holdings: AppHoldings,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    user = await Users(db).fresh(person.id)
    if await is_last_admin(db, user):
        return data_page(request, holdings, errors={"form": LAST_ADMIN}, status=409)
    await deactivate(db, letters, user, caller=caller, now=clock.wall())
    return goodbye(request, CLOSED)


@router.get("/account/data/deletion")
async def show_deletion(request: Request, _: RecentlyProved, clock: AppClock) -> Response:
    return deletion_page(request, clock)


@router.post("/account/data/deletion")
async def submit_deletion(
    request: Request,
    *,
    person: RecentlyProved,
    sure: Annotated[str, Form()] = "",
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
) -> Response:
    user = await Users(db).fresh(person.id)
    if await is_last_admin(db, user):
        return deletion_page(request, clock, errors={"form": LAST_ADMIN}, status=409)
    if sure != "yes":
        return deletion_page(request, clock, errors={"sure": NOT_SURE}, status=422)
    erase_at = await ask_for_deletion(db, letters, user, caller=caller, now=clock.wall())
    day = in_words(request, erase_at)
    return goodbye(request, f"Your account is closed, and is erased on {day}. A mail can undo it.")


def data_page(
    request: Request,
    holdings: AppHoldings,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {"holdings": holdings, "errors": errors or {}}
    return page(request, "accounts/data.html", context, status=status)


def deletion_page(
    request: Request,
    clock: AppClock,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context = {"erase_at": clock.wall() + TIME_TO_THINK_AGAIN, "errors": errors or {}}
    return page(request, "accounts/deletion.html", context, status=status)


def goodbye(request: Request, say: str) -> Response:
    response = go_to(request, "/", say=say, kind="info")
    jar_of(request).clear(response, SESSION)
    return response


def attachment(body: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)
