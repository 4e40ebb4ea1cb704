"""What every provider is asked, and what it answers, whichever protocol it speaks."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from admit.core.crypto import Vault


@dataclass(frozen=True)
class Attempt:
    """One way to a provider and back, as the browser that goes it can be recognised.

    `nonce` and `verifier` are worked out from the secret in the browser's cookie and our own key:
    they fit no other browser, and no table holds them.
    """

    state: str
    nonce: str
    verifier: str = field(repr=False)
    redirect_uri: str

    @classmethod
    def of(cls, vault: Vault, *, state: str, secret: str, redirect_uri: str) -> "Attempt":
        return cls(
            state=state,
            nonce=vault.fingerprint(secret, purpose="oauth.nonce"),
            verifier=vault.fingerprint(secret, purpose="oauth.verifier"),
            redirect_uri=redirect_uri,
        )

    @property
    def challenge(self) -> str:
        """S256 of RFC 7636, section 4.2; the verifier is 64 hexadecimal digits."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True)
class Profile:
    """Who somebody is at a provider. Only `subject` never changes hands."""

    provider: str
    subject: str
    email: str | None
    """None unless the provider says that it is confirmed."""
    first_name: str
    last_name: str
    picture_url: str | None


LONGEST_URL = 2000


def told(value: object, *, longest: int = 320) -> str | None:
    """What a provider says, when it is a line of text that one can show and store."""
    is_line = isinstance(value, str) and 0 < len(value) <= longest and value.isprintable()
    return str(value) if is_line else None


class Provider(Protocol):
    """Methods raise `ProviderFailed` for an answer that cannot be trusted, `ProviderSilent` for
    none at all.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def issuer(self) -> str:
        """What `iss` must say when it comes back beside the code (RFC 9207)."""
        ...

    async def authorization_url(self, attempt: Attempt) -> str: ...

    async def profile_for(self, code: str, attempt: Attempt) -> Profile: ...
