"""Google, and whoever else speaks OpenID Connect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr

from admit.accounts.oauth.errors import IdTokenRefused, ProviderFailed
from admit.accounts.oauth.id_token import trusted_claims
from admit.accounts.oauth.provider import LONGEST_URL, Attempt, Profile, told
from admit.accounts.oauth.wire import ask_for_object
from admit.core.clock import Clock
from admit.core.config import GOOGLE, origin_of

log = structlog.get_logger("admit.accounts.oauth")

REMEMBERED_SECONDS = 3600.0


@dataclass(frozen=True)
class Endpoints:
    issuer: str
    authorization: str
    token: str
    keys: str


@dataclass
class OpenIdProvider:
    """`issuer` is its whole configuration: it says by itself where everything is."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: SecretStr
    clock: Clock
    _endpoints: tuple[float, Endpoints] | None = field(default=None, init=False, repr=False)
    _keys: tuple[float, KeySet] | None = field(default=None, init=False, repr=False)

    async def authorization_url(self, attempt: Attempt) -> str:
        asked = {
            "client_id": self.client_id,
            "redirect_uri": attempt.redirect_uri,
            "response_type": "code",
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{(await self._where()).authorization}?{urlencode(asked)}"

    async def profile_for(self, code: str, attempt: Attempt) -> Profile:
        answer = await ask_for_object(
            "POST",
            (await self._where()).token,
            form={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": attempt.redirect_uri,
                "client_id": self.client_id,
                "client_secret": self.client_secret.get_secret_value(),
                "code_verifier": attempt.verifier,
            },
        )
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed
        return profile_of(self.name, await self._trusted(token, nonce=attempt.nonce))

    async def _trusted(self, token: str, *, nonce: str) -> Mapping[str, Any]:
        """Keys change now and then: a token that fits none of those we know is asked about once
        more with the newest ones.
        """
        try:
            return self._claims(token, await self._signing_keys(), nonce=nonce)
        except IdTokenRefused as refused:
            if refused.reason != "signature" or self._keys is None or self._keys_are_new():
                raise
        self._keys = None
        return self._claims(token, await self._signing_keys(), nonce=nonce)

    def _claims(self, token: str, keys: KeySet, *, nonce: str) -> Mapping[str, Any]:
        try:
            return trusted_claims(
                token,
                keys,
                issuers=issuers_of(self.issuer),
                client_id=self.client_id,
                nonce=nonce,
                now=self.clock.wall(),
            )
        except IdTokenRefused as refused:
            log.warning("oauth.id_token_refused", provider=self.name, reason=refused.reason)
            raise

    def _keys_are_new(self) -> bool:
        """Fetched within the minute: a stream of bad tokens is no reason to fetch them again."""
        return self._keys is not None and self.clock.monotonic() - self._keys[0] < 60

    async def _signing_keys(self) -> KeySet:
        now = self.clock.monotonic()
        if self._keys is None or now - self._keys[0] > REMEMBERED_SECONDS:
            found = await ask_for_object("GET", (await self._where()).keys)
            self._keys = (now, key_set(found))
        return self._keys[1]

    async def _where(self) -> Endpoints:
        now = self.clock.monotonic()
        if self._endpoints is None or now - self._endpoints[0] > REMEMBERED_SECONDS:
            url = f"{self.issuer}/.well-known/openid-configuration"
            self._endpoints = (now, endpoints_of(await ask_for_object("GET", url), self.issuer))
        return self._endpoints[1]


def endpoints_of(document: Mapping[str, Any], issuer: str) -> Endpoints:
    """OpenID Connect Discovery 1.0, section 4.3: the document must be the issuer's own.

    People are sent to the issuer's own origin only, which the policy of our pages names.
    """
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    urls = [document.get(name) for name in names]
    if document.get("issuer") != issuer or not all(isinstance(url, str) for url in urls):
        raise ProviderFailed
    authorization, token, keys = (str(url) for url in urls)
    plain = issuer.startswith("http://")
    if origin_of(authorization) != origin_of(issuer):
        raise ProviderFailed
    if not plain and not (token.startswith("https://") and keys.startswith("https://")):
        raise ProviderFailed
    return Endpoints(issuer, authorization, token, keys)


def issuers_of(issuer: str) -> tuple[str, ...]:
    """Google alone may leave the scheme out.

    https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
    """
    return (issuer, issuer.removeprefix("https://")) if issuer == GOOGLE else (issuer,)


def key_set(document: Mapping[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": list(document.get("keys") or ())})
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise ProviderFailed from wrong


def profile_of(provider: str, claims: Mapping[str, Any]) -> Profile:
    """An address counts when `email_verified` is true, and for nothing that is like true."""
    email = claims.get("email") if claims.get("email_verified") is True else None
    return Profile(
        provider=provider,
        subject=claims["sub"],
        email=told(email),
        first_name=told(claims.get("given_name")) or told(claims.get("name")) or "",
        last_name=told(claims.get("family_name")) or "",
        picture_url=told(claims.get("picture"), longest=LONGEST_URL),
    )
