"""The page of API keys: made, shown once, revoked."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from admit.accounts.api_keys.forms import LIVES, ApiKeyForm
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.api_keys.service import NewKey, keys_of, make_key, revoke_key
from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.core.db import Db, ReadDb
from admit.core.errors import InvalidInput
from admit.core.http.answers import go_to, page
from admit.core.http.state import AppClock

router = APIRouter(include_in_schema=False)
API_KEYS = "/account/api-keys"


@router.get(API_KEYS)
async def show_keys(request: Request, db: ReadDb, clock: AppClock, person: Verified) -> Response:
    return await keys_page(request, db, person.id, clock=clock, form=ApiKeyForm(scopes=[]))


@router.post(API_KEYS)
async def submit_key(
    request: Request,
    *,
    form: Annotated[ApiKeyForm, Form()],
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    person: RecentlyProved,
) -> Response:
    now = clock.wall()
    try:
        wish = form.checked(now=now)
        made = await make_key(
            db,
            letters,
            person.id,
            name=wish.name,
            scopes=wish.scopes,
            ends_at=wish.ends_at,
            caller=caller,
            now=now,
        )
    except InvalidInput as wrong:
        return await keys_page(request, db, person.id, clock=clock, form=form, errors=wrong.errors)
    again = ApiKeyForm(scopes=[])
    return await keys_page(request, db, person.id, clock=clock, form=again, made=made)


@router.post(f"{API_KEYS}/{{key_id}}/revoke")
async def submit_revocation(
    request: Request,
    key_id: str,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    person: Verified,
) -> Response:
    await revoke_key(db, letters, person.id, key_id, caller=caller, now=clock.wall())
    return go_to(request, API_KEYS, say="The key is revoked.")


async def keys_page(
    request: Request,
    db: AsyncSession,
    user_id: str,
    *,
    clock: AppClock,
    form: ApiKeyForm,
    made: NewKey | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """With `made` it shows the new key, this once."""
    context = {
        "keys": await keys_of(db, user_id),
        "made": made,
        "scopes": list(Scope),
        "chosen": form.scopes,
        "lives": [(str(days), words) for days, words in LIVES],
        "form": {"name": form.name, "days": form.days},
        "errors": errors or {},
        "now": clock.wall(),
    }
    return page(request, "accounts/api_keys.html", context, status=422 if errors else 200)
