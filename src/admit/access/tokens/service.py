"""What is open to somebody, signed for another service, which then checks without a call.

Whoever holds such a token has shown nothing of who they are: it opens nothing here, and its `typ`
keeps it from being taken for a token that does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from admit.access.service import Access
from admit.accounts.tokens.keys import ALGORITHM, signing_key
from admit.core.clock import to_seconds
from admit.core.crypto import Vault
from admit.core.ids import new_id

TYPE: Final = "admit-access+jwt"
LONGEST_LIFE: Final = timedelta(minutes=5)
"""So long another service may believe what was revoked meanwhile."""


@dataclass(frozen=True)
class Signed:
    token: str
    expires_in: int
    """Seconds."""


async def sign_access(
    db: AsyncSession,
    vault: Vault,
    access: Access,
    *,
    issuer: str,
    audience: str,
    now: datetime,
    business_now: datetime,
) -> Signed:
    """Good until the first moment at which something changes by time alone, or five minutes."""
    kid, key = await signing_key(db, vault, now=now)
    life = life_of(access, business_now=business_now)
    issued = to_seconds(now)
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": audience,
        "sub": access.user_id,
        "jti": new_id("jwt"),
        "iat": issued,
        "nbf": issued,
        "exp": issued + life,
        "version": access.version,
        "level": access.level,
        "features": {key: access.decisions[key].limit for key in sorted(access.features)},
    }
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
    return Signed(jwt.encode(header, claims, key, algorithms=[ALGORITHM]), expires_in=life)


def life_of(access: Access, *, business_now: datetime) -> int:
    """Whole seconds, rounded down: no token outlives what it says."""
    life = LONGEST_LIFE
    if access.changes_at is not None:
        life = min(life, access.changes_at - business_now)
    return max(0, int(life.total_seconds()))
