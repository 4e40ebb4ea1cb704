"""Keys derived from the one secret, and what is done with them."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TOKEN_BYTES = 32


class Vault:
    """Seals what must be read again and fingerprints what must only be recognised."""

    def __init__(self, secret_key: str, *, former: Sequence[str] = ()) -> None:
        """`former` keys open and recognise what they sealed and fingerprinted, and make nothing."""
        self._sealing = AESGCM(_derive(secret_key, "seal"))
        self._opening = (self._sealing, *(AESGCM(_derive(key, "seal")) for key in former))
        self._peppers = tuple(_derive(key, "fingerprint") for key in (secret_key, *former))

    def seal(self, text: str, *, purpose: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._sealing.encrypt(nonce, text.encode(), purpose.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """Raises `cryptography.exceptions.InvalidTag` when sealed elsewhere or altered."""
        raw = base64.b64decode(sealed)
        nonce, body = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        for key in self._opening[:-1]:
            with suppress(InvalidTag):
                return key.decrypt(nonce, body, purpose.encode()).decode()
        return self._opening[-1].decrypt(nonce, body, purpose.encode()).decode()

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """Keyed, so that a short code cannot be guessed from a stolen table."""
        return self.fingerprints(text, purpose=purpose)[0]

    def fingerprints(self, text: str, *, purpose: str) -> tuple[str, ...]:
        """That of today's key, and those that it had with the former ones: for what lives long."""
        message = f"{purpose}\0{text}".encode()
        return tuple(
            hmac.new(pepper, message, hashlib.sha256).hexdigest() for pepper in self._peppers
        )


def new_token() -> str:
    """256 random bits, safe in a URL; stored only as its hash."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Unkeyed: a token of 256 bits cannot be guessed from its hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _derive(secret_key: str, purpose: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"admit {purpose}".encode())
    return key.derive(secret_key.encode())
