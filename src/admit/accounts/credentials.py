"""What a request shows of who asks: the cookie of a session, an access token, or an API key."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.api_keys.errors import ScopeNeeded
from admit.accounts.api_keys.service import BEGINNING, holder_of
from admit.accounts.person import Person
from admit.accounts.sessions.service import person_of_program, person_of_token
from admit.accounts.tokens.access_tokens import Claims, Realm, read_token
from admit.accounts.tokens.keys import Keyring
from admit.core.crypto import hash_token
from admit.core.http.state import Parts

SCHEME = "bearer "
MOST_VERIFIED = 4096
"""Tokens whose signature is remembered; the ones that were shown longest ago are forgotten."""


class Credential(NamedTuple):
    name: str
    """What it is known under; a session by the hash of its token, as its row is."""
    token: str
    is_bearer: bool


def of_session(token: str) -> Credential | None:
    return Credential(hash_token(token), token, is_bearer=False) if token else None


def of_bearer(authorization: str) -> Credential | None:
    """RFC 6750, section 2.1; None for another scheme.

    Named apart from sessions, so that the one is never taken for the other.
    """
    if authorization[: len(SCHEME)].lower() != SCHEME:
        return None
    token = authorization[len(SCHEME) :].strip()
    return Credential(f"bearer {hash_token(token)}", token, is_bearer=True) if token else None


@dataclass(frozen=True)
class Known:
    """A person, and how far what they showed reaches."""

    person: Person
    ends_at: float | None = None
    """Seconds since 1970 at which the credential ends by itself."""
    scopes: frozenset[str] | None = None
    """Of an API key; None: all that the person may do."""
    key_id: str | None = None
    use_is_due: bool = False
    """The last use of the key was noted too long ago."""

    def needs(self, scope: str) -> None:
        """Raises `ScopeNeeded` for a key that was made without it."""
        if self.scopes is not None and scope not in self.scopes:
            raise ScopeNeeded

    def seconds_left(self, now: datetime) -> float:
        return float("inf") if self.ends_at is None else self.ends_at - now.timestamp()


class Recognition:
    """One a process: it remembers the keys that verify, and the tokens that they verified.

    What is remembered is the signature. That the session lives is asked each time.
    """

    def __init__(self, parts: Parts) -> None:
        self._ring = Keyring(parts.clock)
        self._realm = Realm(parts.settings.public_url)
        self._verified: dict[str, Claims] = {}

    async def of(self, db: AsyncSession, credential: Credential, *, now: datetime) -> Known | None:
        """None for whatever lets nobody in."""
        token = credential.token
        if not credential.is_bearer:
            person = await person_of_token(db, token, now=now)
            return Known(person) if person else None
        if token.startswith(BEGINNING):
            return await _by_key(db, token, now=now)
        claims = await self._claims(db, credential, now=now)
        if claims is None:
            return None
        person = await person_of_program(db, claims.session_id, now=now)
        if person is None or person.id != claims.user_id:
            return None
        return Known(person, ends_at=claims.ends_at)

    async def _claims(
        self, db: AsyncSession, credential: Credential, *, now: datetime
    ) -> Claims | None:
        known = self._verified.pop(credential.name, None)
        if known is not None:
            is_taken = now.timestamp() < known.ends_at
            claims = known if is_taken and await self._ring.find(db, known.kid) else None
        else:
            claims = await read_token(db, self._ring, self._realm, credential.token, now=now)
        if claims is not None:
            self._verified[credential.name] = claims
            if len(self._verified) > MOST_VERIFIED:
                del self._verified[next(iter(self._verified))]
        return claims


async def _by_key(db: AsyncSession, token: str, *, now: datetime) -> Known | None:
    holder = await holder_of(db, token, now=now)
    if holder is None:
        return None
    return Known(
        person=holder.person,
        ends_at=holder.ends_at.timestamp() if holder.ends_at else None,
        scopes=holder.scopes,
        key_id=holder.key_id,
        use_is_due=holder.use_is_due,
    )
