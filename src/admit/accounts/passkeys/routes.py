"""The page of a person's passkeys."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import JSONResponse, Response

from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.accounts.mfa.service import user_of
from admit.accounts.passkeys.ceremony import creation_options
from admit.accounts.passkeys.challenges import ask
from admit.accounts.passkeys.deps import NamedSite
from admit.accounts.passkeys.models import Purpose
from admit.accounts.passkeys.service import (
    add_passkey,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from admit.accounts.passkeys.site import Site, site_of
from admit.accounts.person import Person
from admit.core.config import Settings
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock, AppSettings

router = APIRouter(include_in_schema=False, prefix="/account/passkeys")
PAGE = "/account/passkeys"


class NewPasskeyForm(BaseModel):
    credential: str = Field(default="", repr=False)
    name: str = ""


class NameForm(BaseModel):
    name: str = ""


@router.get("")
async def show_passkeys(
    request: Request, person: Verified, db: ReadDb, settings: AppSettings
) -> Response:
    return await passkeys_page(request, person, db, settings)


@router.post("/options")
async def ask_for_new(
    person: RecentlyProved, site: NamedSite, db: Db, clock: AppClock, caller: AppCaller
) -> Response:
    now, bound_to = clock.wall(), person.session_id
    challenge = await ask(db, Purpose.register, bound_to=bound_to, network=caller.network, now=now)
    user, existing = await user_of(db, person.id), await passkeys_of(db, person.id)
    return JSONResponse(creation_options(site, user, existing, challenge))


@router.post("")
async def submit_new(
    request: Request,
    *,
    form: Annotated[NewPasskeyForm, Form()],
    person: RecentlyProved,
    site: NamedSite,
    db: Db,
    letters: AppLetters,
    clock: AppClock,
    caller: AppCaller,
) -> Response:
    await add_passkey(
        db,
        letters,
        site,
        person.id,
        credential=form.credential,
        name=form.name,
        bound_to=person.session_id,
        caller=caller,
        now=clock.wall(),
    )
    return go_to(request, PAGE, say="Your passkey is ready.")


@router.post("/{passkey_id}/name")
async def submit_name(
    request: Request,
    passkey_id: str,
    *,
    form: Annotated[NameForm, Form()],
    person: Verified,
    db: Db,
    settings: AppSettings,
) -> Response:
    try:
        await rename_passkey(db, person.id, passkey_id, form.name)
    except InvalidInput as wrong:
        errors = {f"name-{passkey_id}": wrong.errors["name"]}
        return await passkeys_page(request, person, db, settings, errors=errors, status=422)
    return go_to(request, PAGE, say="The passkey has a new name.")


@router.post("/{passkey_id}/remove")
async def submit_removal(
    request: Request,
    passkey_id: str,
    *,
    person: RecentlyProved,
    db: Db,
    letters: AppLetters,
    clock: AppClock,
    caller: AppCaller,
) -> Response:
    name = await remove_passkey(db, letters, person.id, passkey_id, caller=caller, now=clock.wall())
    return go_to(request, PAGE, say=f"“{name}” is removed. It opens this account no longer.")


async def passkeys_page(
    request: Request,
    person: Person,
    db: AsyncSession,
    settings: Settings,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    site = site_of(settings)
    context = {
        "passkeys": await passkeys_of(db, person.id),
        "site": site,
        "is_at_home": site is not None and is_at_home(request, site),
        "errors": errors or {},
    }
    return page(request, "accounts/passkeys.html", context, status=status)


def is_at_home(request: Request, site: Site) -> bool:
    """On a laptop the same site has an address, too, under which browsers make no passkeys."""
    host = request.url.hostname or ""
    return host == site.id or host.endswith(f".{site.id}")
