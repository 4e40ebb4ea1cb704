"""Access tokens: JWTs (RFC 9068) that name a session; whether it lives is asked at each use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import extract_compact
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.tokens.keys import ALGORITHM, Keyring
from admit.core.clock import to_seconds
from admit.core.ids import new_id

LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=5)
"""How far the clocks of two of our machines may be apart."""
TYPE = "at+jwt"
LONGEST = 2048


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks of: a person in one of their sessions."""

    user_id: str
    session_id: str
    proved_at: datetime
    methods: tuple[str, ...]


@dataclass(frozen=True)
class Realm:
    """Who issues our tokens and what they open."""

    issuer: str

    @property
    def audience(self) -> str:
        return f"{self.issuer}/api"


@dataclass(frozen=True)
class Claims:
    kid: str
    user_id: str
    session_id: str
    ends_at: float
    """Seconds since 1970; from then on nobody takes it, whoever's clock is behind."""


def make_token(kid: str, key: ECKey, realm: Realm, subject: Subject, *, now: datetime) -> str:
    seconds = to_seconds(now)
    claims = {
        "iss": realm.issuer,
        "aud": realm.audience,
        "sub": subject.user_id,
        "sid": subject.session_id,
        "jti": new_id("jwt"),
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds + int(LIFE.total_seconds()),
        "auth_time": to_seconds(subject.proved_at),
        "amr": list(subject.methods),
    }
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": kid}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


async def read_token(
    db: AsyncSession, ring: Keyring, realm: Realm, token: str, *, now: datetime
) -> Claims | None:
    """None for whatever we did not sign, for another purpose, or for another time.

    The key is one of ours, found by `kid`; what else a header says about keys is not looked at.
    """
    kid = _kid_of(token)
    key = await ring.find(db, kid) if kid else None
    if key is None:
        return None
    try:
        read = jwt.decode(token, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError):
        return None
    if read.header.get("typ") != TYPE or not _are_ours(read.claims, realm, now=now.timestamp()):
        return None
    ends_at = read.claims["exp"] + LEEWAY.total_seconds()
    return Claims(str(kid), read.claims["sub"], read.claims["sid"], ends_at)


def _kid_of(token: str) -> str | None:
    if len(token) > LONGEST:
        return None
    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, TypeError):
        return None
    return kid if isinstance(kid, str) else None


def _are_ours(claims: dict[str, Any], realm: Realm, *, now: float) -> bool:
    leeway = LEEWAY.total_seconds()
    match claims:
        case {
            "iss": realm.issuer,
            "aud": realm.audience,
            "sub": str(),
            "sid": str(),
            "exp": int(expires),
            "nbf": int(not_before),
            "iat": int(issued),
        }:
            began = now >= not_before - leeway and now >= issued - leeway
            return began and now < expires + leeway
    return False
