from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admit.accounts.deps import SignedIn
from admit.accounts.history.service import history_of
from admit.core.db import ReadDb
from admit.core.http.answers import page

router = APIRouter(include_in_schema=False)


@router.get("/account/history")
async def show_history(
    request: Request,
    db: ReadDb,
    person: SignedIn,
    before: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    shown = await history_of(db, person.id, before=before or None)
    context = {"happenings": shown.happenings, "older": shown.older, "is_newest": not before}
    return page(request, "accounts/history.html", context)
