"""Questions for passkeys: each is asked by one browser for one purpose, and answered once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.limits.service import Limit, spend, whole_seconds
from admit.accounts.passkeys.models import PasskeyChallenge, Purpose
from admit.accounts.passkeys.repository import PasskeyChallenges
from admit.core.crypto import hash_token
from admit.core.errors import TooManyRequests

CHALLENGE_BYTES = 32
CHALLENGE_LIFE = timedelta(minutes=10)
CHALLENGES_FROM_NETWORK = Limit("passkey_challenge", allowed=600, period=timedelta(minutes=5))


async def ask(
    db: AsyncSession, purpose: Purpose, *, bound_to: str, network: str, now: datetime
) -> bytes:
    """Raises `TooManyRequests`."""
    wait = await spend(db, CHALLENGES_FROM_NETWORK, network, now=now)
    if wait is not None:
        raise TooManyRequests(retry_after=whole_seconds(wait))
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    db.add(
        PasskeyChallenge(
            challenge_hash=hash_token(challenge.hex()),
            purpose=purpose,
            bound_to=bound_to,
            ends_at=now + CHALLENGE_LIFE,
        )
    )
    return challenge


async def is_answer_to_ours(
    db: AsyncSession, challenge: bytes, purpose: Purpose, *, bound_to: str, now: datetime
) -> bool:
    return await PasskeyChallenges(db).use(
        hash_token(challenge.hex()), purpose=purpose, bound_to=bound_to, now=now
    )
