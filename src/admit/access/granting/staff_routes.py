"""The page on which staff sees somebody's access, and opens or closes it by hand."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.access.explaining.deps import AppTelling, told_to
from admit.access.explaining.moment import moment_of
from admit.access.explaining.service import explain_all
from admit.access.explaining.words import SOURCES, ended_because, in_a_word, reason_in_words
from admit.access.granting.forms import GrantForm, RevokeForm
from admit.access.granting.service import grant_by_hand, person_at
from admit.access.service import STAFF, features_in_use, revoke
from admit.accounts.deps import Staff
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import Parts, parts_of

router = APIRouter(include_in_schema=False)
PAGE = "/admin/access"


@dataclass(frozen=True)
class Looking:
    """Whose access is looked at, and at which moment, as typed."""

    email: str = ""
    at: str = ""


@dataclass
class Desk:
    """What the page is made with."""

    request: Request
    person: Staff
    telling: AppTelling

    @property
    def parts(self) -> Parts:
        return parts_of(self.request)

    async def shows(
        self,
        db: AsyncSession,
        looking: Looking,
        *,
        form: GrantForm | None = None,
        errors: dict[str, str] | None = None,
    ) -> Response:
        context = await self._context(db, looking, dict(errors or {}))
        typed = (form or GrantForm()).model_dump()
        context["form"] = {**typed, "at": looking.at, "email": looking.email}
        status = 422 if context["errors"] else 200
        return page(self.request, "access/staff_access.html", context, status=status)

    async def _context(
        self, db: AsyncSession, looking: Looking, errors: dict[str, str]
    ) -> dict[str, Any]:
        now = self.parts.clock.business()
        user, moment, explanations = None, now, []
        if looking.email:
            try:
                moment = moment_of(looking.at, now=now)
                user = await person_at(db, looking.email, now=self.parts.clock.wall())
            except InvalidInput as wrong:
                errors |= wrong.errors
        if user is not None:
            with told_to(self.person):
                explanations = await explain_all(db, self.telling, user.id, at=moment)
        features = [(each.key, each.name) for each in await features_in_use(db)]
        return {
            "user": user,
            "explanations": explanations,
            "moment": None if moment == now else moment,
            "features": features,
            "errors": errors,
            **WORDS,
        }


WORDS = {
    "in_a_word": in_a_word,
    "sources": SOURCES,
    "by_hand": STAFF,
    "reason_in_words": reason_in_words,
    "ended_because": ended_because,
}
AppDesk = Annotated[Desk, Depends(Desk)]


@router.get(PAGE)
async def show_access(
    desk: AppDesk,
    email: Annotated[str, Query(max_length=320)] = "",
    at: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    async with desk.parts.database.read() as db:
        return await desk.shows(db, Looking(email, at))


@router.post(f"{PAGE}/grants")
async def submit_grant(desk: AppDesk, form: Annotated[GrantForm, Form()]) -> Response:
    parts = desk.parts
    try:
        wish = form.checked(now=parts.clock.business())
        async with parts.database.write() as db:
            user = await person_at(db, form.email, now=parts.clock.wall())
            now = parts.clock.business()
            await grant_by_hand(db, user, wish, by=desk.person.id, now=now)
    except InvalidInput as wrong:
        async with parts.database.read() as db:
            return await desk.shows(db, Looking(form.email), form=form, errors=wrong.errors)
    return go_to(desk.request, page_of(user.email), say=f"It is open to {user.email} now.")


@router.post(f"{PAGE}/grants/{{grant_id}}/revoke")
async def submit_revoke(
    desk: AppDesk, grant_id: str, form: Annotated[RevokeForm, Form()]
) -> Response:
    """Raises `UnknownGrant`."""
    parts = desk.parts
    try:
        reason = form.checked()
        async with parts.database.write() as db:
            now, by = parts.clock.business(), desk.person.id
            await revoke(db, grant_id=grant_id, reason=reason, revoked_by=by, now=now)
    except InvalidInput as wrong:
        errors = {f"reason-{grant_id}": sentence for sentence in wrong.errors.values()}
        async with parts.database.read() as db:
            return await desk.shows(db, Looking(form.email), errors=errors)
    return go_to(desk.request, page_of(form.email), say="It is taken back.")


def page_of(email: str) -> str:
    return f"{PAGE}?{urlencode({'email': email})}"
