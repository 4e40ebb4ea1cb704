"""The page on which staff invite."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.address import Address, address
from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Staff
from admit.accounts.invitations.overview import sent_invitations
from admit.accounts.invitations.service import invite, withdraw
from admit.accounts.models import Role
from admit.accounts.person import Person
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput, NotFound
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppParts

router = APIRouter(include_in_schema=False)
PEOPLE = "/admin/people/invitations"


class InvitationForm(BaseModel):
    email: str = ""
    role: str = Role.member

    def checked(self) -> tuple[Address, Role]:
        found, errors = address(self.email), {}
        if found is None:
            errors["email"] = "Enter an e-mail address like name@example.com."
        if self.role not in set(Role):
            errors["role"] = "Choose a role from the list."
        if errors or found is None:
            raise InvalidInput(errors)
        return found, Role(self.role)


@router.get(PEOPLE)
async def show_people(request: Request, db: ReadDb, clock: AppClock, person: Staff) -> Response:
    return await people_page(request, db, clock, person, InvitationForm())


@router.post(PEOPLE)
async def submit_invite(
    request: Request,
    *,
    form: Annotated[InvitationForm, Form()],
    parts: AppParts,
    letters: AppLetters,
    caller: AppCaller,
    person: Staff,
    _proved: RecentlyProved,
) -> Response:
    try:
        invited, role = form.checked()
        async with parts.database.write() as db:
            now = parts.clock.wall()
            await invite(db, letters, address=invited, role=role, by=person, caller=caller, now=now)
    except InvalidInput as wrong:
        async with parts.database.read() as db:
            return await people_page(request, db, parts.clock, person, form, errors=wrong.errors)
    return go_to(request, PEOPLE, say=f"{invited.email} is invited.")


@router.post(f"{PEOPLE}/{{invitation_id}}/withdraw")
async def submit_withdraw(
    request: Request,
    invitation_id: str,
    *,
    db: Db,
    clock: AppClock,
    caller: AppCaller,
    person: Staff,
) -> Response:
    if not await withdraw(db, invitation_id, by=person, caller=caller, now=clock.wall()):
        raise NotFound
    return go_to(request, PEOPLE, say="The invitation is taken back.")


async def people_page(
    request: Request,
    db: AsyncSession,
    clock: AppClock,
    person: Person,
    form: InvitationForm,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    context = {
        "form": form.model_dump(),
        "errors": errors or {},
        "roles": [
            (role.value, role.value.capitalize()) for role in Role if person.role.covers(role)
        ],
        "invitations": await sent_invitations(db, now=clock.wall()),
    }
    status = 422 if errors else 200
    return page(request, "accounts/staff_invitations.html", context, status=status)
