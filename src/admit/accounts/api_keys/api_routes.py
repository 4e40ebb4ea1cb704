"""API keys over the API; only who signed in may ask, a key makes no keys."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from admit.accounts.api_keys.forms import NewApiKey
from admit.accounts.api_keys.models import ApiKey
from admit.accounts.api_keys.scopes import Scope, in_order
from admit.accounts.api_keys.service import keys_of, make_key, revoke_key
from admit.accounts.deps import AppCaller, AppLetters, RecentlyProved, Verified
from admit.core.db import Db, ReadDb
from admit.core.http.openapi import SIGNED_IN, problems
from admit.core.http.state import AppClock

router = APIRouter(prefix="/api/v1/auth/api-keys", tags=["API keys"])


class ApiKeyShown(BaseModel):
    id: str
    name: str
    prefix: str
    """How the key begins."""
    scopes: list[Scope]
    created_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None


class ApiKeyMade(ApiKeyShown):
    key: str
    """The key itself: shown this once, kept only as a hash."""


class ApiKeyList(BaseModel):
    data: list[ApiKeyShown]
    has_more: bool = False


@router.get("", operation_id="list_api_keys", openapi_extra=SIGNED_IN)
async def list_keys(db: ReadDb, person: Verified) -> ApiKeyList:
    return ApiKeyList(data=[shown(key) for key in await keys_of(db, person.id)])


@router.post("", operation_id="make_api_key", status_code=201, openapi_extra=SIGNED_IN)
async def make(
    asked: NewApiKey,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    person: RecentlyProved,
) -> ApiKeyMade:
    """Needs a proof of who you are that is younger than five minutes (`reauth_required`)."""
    now = clock.wall()
    wish = asked.checked(now=now)
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
    return ApiKeyMade(**shown(made.key).model_dump(), key=made.token)


@router.delete(
    "/{key_id}",
    operation_id="revoke_api_key",
    status_code=204,
    openapi_extra=SIGNED_IN,
    responses=problems(404),
)
async def revoke(
    key_id: str,
    *,
    db: Db,
    clock: AppClock,
    letters: AppLetters,
    caller: AppCaller,
    person: Verified,
) -> None:
    await revoke_key(db, letters, person.id, key_id, caller=caller, now=clock.wall())


def shown(key: ApiKey) -> ApiKeyShown:
    return ApiKeyShown(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=in_order(key.scopes.split()),
        created_at=key.created_at,
        ends_at=key.ends_at,
        last_used_at=key.last_used_at,
    )
