"""The page on which people see what is open to them, and why."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admit.access.explaining.deps import AppTelling, told_to
from admit.access.explaining.moment import moment_of
from admit.access.explaining.service import explain_all
from admit.access.explaining.words import in_a_word
from admit.accounts.deps import SignedIn
from admit.core.db import ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import page
from admit.core.http.state import clock_of

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Query(max_length=40)]


@router.get("/account/access")
async def show_own_access(
    request: Request, db: ReadDb, person: SignedIn, telling: AppTelling, at: Typed = ""
) -> Response:
    """`at` is a moment that is past, in UTC; without one it is now."""
    now, errors = clock_of(request).business(), {}
    try:
        moment = moment_of(at, now=now)
    except InvalidInput as wrong:
        moment, errors = now, wrong.errors
    with told_to(person):
        explanations = await explain_all(db, telling, person.id, at=moment)
    context = {
        "explanations": explanations,
        "moment": None if moment == now else moment,
        "form": {"at": at},
        "errors": errors,
        "in_a_word": in_a_word,
    }
    status = 422 if errors else 200
    return page(request, "access/account_access.html", context, status=status)
