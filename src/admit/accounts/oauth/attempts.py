"""The way to a provider and back: begun here, ended once, by the browser that began it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.limits.service import Limit, spend
from admit.accounts.oauth.models import OAuthAttempt, Purpose
from admit.accounts.oauth.provider import Attempt
from admit.accounts.oauth.repository import OAuthAttempts
from admit.core.crypto import Vault, hash_token, new_token

ATTEMPT_LIFE = timedelta(minutes=10)
ATTEMPTS_FROM_NETWORK = Limit("oauth_attempt", allowed=60, period=timedelta(minutes=5))


@dataclass(frozen=True)
class Begun:
    attempt: Attempt
    secret: str
    """For the cookie of the browser that goes this way."""


async def begin(
    db: AsyncSession,
    vault: Vault,
    *,
    provider: str,
    purpose: Purpose,
    session_id: str | None,
    next_path: str | None,
    redirect_uri: str,
    network: str,
    now: datetime,
) -> Begun | timedelta:
    """Else how long this network has to wait."""
    wait = await spend(db, ATTEMPTS_FROM_NETWORK, network, now=now)
    if wait is not None:
        return wait
    state, secret = new_token(), new_token()
    db.add(
        OAuthAttempt(
            state_hash=hash_token(state),
            secret_hash=hash_token(secret),
            provider=provider,
            purpose=purpose,
            session_id=session_id,
            next_path=next_path,
            created_at=now,
            ends_at=now + ATTEMPT_LIFE,
        )
    )
    return Begun(
        Attempt.of(vault, state=state, secret=secret, redirect_uri=redirect_uri),
        secret,
    )


async def come_back(
    db: AsyncSession, *, state: str, secret: str | None, provider: str, now: datetime
) -> OAuthAttempt | None:
    """None when it was not begun here, by this browser, for this provider, or is over."""
    if secret is None:
        return None
    return await OAuthAttempts(db).use(
        hash_token(state), secret_hash=hash_token(secret), provider=provider, now=now
    )
