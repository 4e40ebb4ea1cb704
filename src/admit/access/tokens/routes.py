"""A signed token of what is open to whoever asks, for a service that is not ours."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from admit.access.service import access_of
from admit.access.tokens.service import sign_access
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import SignedIn, open_to_keys
from admit.accounts.tokens.access_tokens import Realm
from admit.core.db import Db
from admit.core.errors import InvalidInput
from admit.core.http.openapi import SIGNED_IN, problems
from admit.core.http.state import AppParts

router = APIRouter(prefix="/api/v1", tags=["access"])


class AccessTokenWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    audience: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
    """The service that is to read it, by the name that it expects: its address, say."""


class AccessTokenMade(BaseModel):
    token: str
    token_type: Literal["admit-access+jwt"] = "admit-access+jwt"  # noqa: S105 - its kind
    expires_in: int
    """Seconds that the token is good for: at most 300."""


@router.post(
    "/access/token",
    operation_id="sign_access",
    openapi_extra=SIGNED_IN,
    responses=problems(401),
    dependencies=[open_to_keys(Scope.access_read)],
)
async def submit_token(
    asked: AccessTokenWish, parts: AppParts, db: Db, person: SignedIn
) -> AccessTokenMade:
    """What is open to the person now, signed, so that the audience checks it without a call.

    It opens nothing here. Its keys are those of `/.well-known/jwks.json`.
    """
    realm = Realm(parts.settings.public_url)
    if asked.audience in {realm.audience, realm.issuer}:
        raise InvalidInput({"audience": "Name the service that is to read it; this is Admit."})
    business_now = parts.clock.business()
    signed = await sign_access(
        db,
        parts.vault,
        await access_of(db, person.id, business_now),
        issuer=realm.issuer,
        audience=asked.audience,
        now=parts.clock.wall(),
        business_now=business_now,
    )
    return AccessTokenMade(token=signed.token, expires_in=signed.expires_in)
