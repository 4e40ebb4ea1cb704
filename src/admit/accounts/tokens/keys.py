"""The keys that sign access tokens: made when first needed, rotated by `admit keys rotate`.

ES256 (RFC 7518, section 3.4), which every JOSE library knows.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from joserfc.jwk import ECKey
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.tokens.models import SigningKey
from admit.accounts.tokens.repository import SigningKeys
from admit.core.clock import Clock
from admit.core.crypto import Vault
from admit.core.ids import new_id

log = structlog.get_logger("admit.accounts")

ALGORITHM = "ES256"
SEALED_FOR = "signing key"
READ_EVERY_SECONDS = 2.0
"""So long a key that was removed elsewhere may still be believed here."""
KEPT_AFTER_RETIREMENT = timedelta(hours=1)
"""Longer than any token lives that it signed (`access_tokens.LIFE` and its leeway)."""


async def make_key(db: AsyncSession, vault: Vault, *, now: datetime) -> SigningKey:
    pair = ECKey.generate_key("P-256", private=True)
    kid = new_id("sik")
    public = {**pair.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
    key = SigningKey(
        id=kid,
        public_jwk=json.dumps(public),
        private_sealed=vault.seal(json.dumps(pair.as_dict(private=True)), purpose=SEALED_FOR),
        created_at=now,
    )
    db.add(key)
    await db.flush()
    return key


async def signing_key(db: AsyncSession, vault: Vault, *, now: datetime) -> tuple[str, ECKey]:
    """The id and the pair that sign from now on.

    A key that was sealed with a secret that we no longer have is replaced; whoever lost the secret
    can still sign in, and what the key signed is good until it expires.
    """
    key = await SigningKeys(db).newest()
    if key is not None:
        with suppress(InvalidTag):
            return key.id, _pair_of(key, vault)
        log.warning("tokens.signing_key_lost", kid=key.id)
        await SigningKeys(db).retire_all(now=now)
    key = await make_key(db, vault, now=now)
    return key.id, _pair_of(key, vault)


def _pair_of(key: SigningKey, vault: Vault) -> ECKey:
    """Raises `InvalidTag`."""
    return ECKey.import_key(json.loads(vault.unseal(key.private_sealed, purpose=SEALED_FOR)))


async def rotate(db: AsyncSession, vault: Vault, *, at_once: bool, now: datetime) -> str:
    """The id of the new key. What older ones signed stays good until it expires.

    `at_once` removes the older ones and with them everything that they signed: for a key that
    somebody else may hold.
    """
    keys = SigningKeys(db)
    if at_once:
        await keys.remove_all()
    else:
        await keys.retire_all(now=now)
    return (await make_key(db, vault, now=now)).id


async def published(db: AsyncSession) -> Sequence[dict[str, Any]]:
    """The public keys, newest first, as a JWK set lists them."""
    return [json.loads(key.public_jwk) for key in await SigningKeys(db).all()]


async def prune(db: AsyncSession, *, now: datetime) -> None:
    await SigningKeys(db).remove_retired(before=now - KEPT_AFTER_RETIREMENT)


class Keyring:
    """The public keys as this process knows them, by their ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, ECKey] = {}
        self._read_at = float("-inf")

    async def find(self, db: AsyncSession, kid: str) -> ECKey | None:
        """An unknown id is looked up again: another process may have made its key just now."""
        is_old = self._clock.monotonic() - self._read_at > READ_EVERY_SECONDS
        if is_old or kid not in self._keys:
            began = self._clock.monotonic()
            keys = {
                jwk["kid"]: self._keys.get(jwk["kid"]) or _import(jwk)
                for jwk in await published(db)
            }
            self._keys, self._read_at = keys, began
        return self._keys.get(kid)


def _import(jwk: dict[str, Any]) -> ECKey:
    return ECKey.import_key(jwk)
