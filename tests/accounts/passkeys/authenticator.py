"""A passkey in software: what a phone answers when a page asks it."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, SYNCABLE, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Authenticator:
    """Holds one passkey. What it does wrong is set by the test."""

    origin: str = ORIGIN
    site: str = "localhost"
    flags: int = PRESENT | VERIFIED | SYNCABLE | SYNCED
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes | None = None
    sign_count: int = 0
    counts: bool = False
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: Mapping[str, Any]) -> str:
        """As `navigator.credentials.create` answers, in JSON."""
        self.user_handle = decoded(options["user"]["id"])
        attested = (
            bytes(16)
            + len(self.credential_id).to_bytes(2)
            + self.credential_id
            + cbor2.dumps(self.public_key())
        )
        data = self.data(self.flags | ATTESTED) + attested
        return self.answer(
            clientDataJSON=self.client_data("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def use(self, options: Mapping[str, Any], *, with_handle: bool = True) -> str:
        """As `navigator.credentials.get` answers, in JSON."""
        if self.counts:
            self.sign_count += 1
        client_data = self.client_data("webauthn.get", options["challenge"])
        data = self.data(self.flags)
        signed = data + hashlib.sha256(client_data).digest()
        handle = {"userHandle": self.user_handle} if with_handle and self.user_handle else {}
        return self.answer(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
            **handle,
        )

    def data(self, flags: int) -> bytes:
        """WebAuthn Level 3, section 6.1."""
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.sign_count.to_bytes(4)

    def client_data(self, kind: str, challenge: str) -> bytes:
        content = {"type": kind, "challenge": challenge, "origin": self.origin}
        return json.dumps({**content, "crossOrigin": False}).encode()

    def public_key(self) -> dict[int, int | bytes]:
        """COSE: an EC2 key on P-256, for ES256."""
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}

    def answer(self, **parts: bytes) -> str:
        name = encoded(self.credential_id)
        response = {part: encoded(value) for part, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
