"""GitHub: plain OAuth 2.0; who somebody is, is asked of its API.

https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from admit.accounts.oauth.errors import ProviderFailed
from admit.accounts.oauth.provider import LONGEST_URL, Attempt, Profile, told
from admit.accounts.oauth.wire import ask_for_list, ask_for_object

API_VERSION = "2022-11-28"


@dataclass(frozen=True)
class GitHub:
    name: str
    label: str
    url: str
    api_url: str
    client_id: str
    client_secret: SecretStr

    @property
    def issuer(self) -> str:
        return f"{self.url}/login/oauth"

    async def authorization_url(self, attempt: Attempt) -> str:
        asked = {
            "client_id": self.client_id,
            "redirect_uri": attempt.redirect_uri,
            "scope": "read:user user:email",
            "state": attempt.state,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{self.url}/login/oauth/authorize?{urlencode(asked)}"

    async def profile_for(self, code: str, attempt: Attempt) -> Profile:
        """The token of the answer is used for these two questions and kept nowhere."""
        answer = await ask_for_object(
            "POST",
            f"{self.url}/login/oauth/access_token",
            form={
                "client_id": self.client_id,
                "client_secret": self.client_secret.get_secret_value(),
                "code": code,
                "redirect_uri": attempt.redirect_uri,
                "code_verifier": attempt.verifier,
            },
        )
        token = answer.get("access_token")
        if not isinstance(token, str):
            # Errors come with status 200: bad_verification_code, incorrect_client_credentials.
            raise ProviderFailed
        headers = {"authorization": f"Bearer {token}", "x-github-api-version": API_VERSION}
        person = await ask_for_object("GET", f"{self.api_url}/user", headers=headers)
        addresses = await ask_for_list(f"{self.api_url}/user/emails", headers=headers)
        return profile_of(self.name, person, addresses)


def profile_of(provider: str, person: Mapping[str, Any], addresses: list[Any]) -> Profile:
    """The number is for life; a login name can be given up and taken by somebody else."""
    number, name = person.get("id"), told(person.get("name"))
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
        raise ProviderFailed
    shown = (name or "").strip() or told(person.get("login")) or ""
    first, _, last = shown.strip().partition(" ")
    return Profile(
        provider=provider,
        subject=str(number),
        email=confirmed_address(addresses),
        first_name=first,
        last_name=last.strip(),
        picture_url=told(person.get("avatar_url"), longest=LONGEST_URL),
    )


def confirmed_address(addresses: list[Any]) -> str | None:
    """The primary one, when GitHub says that it is confirmed."""
    for each in addresses:
        if isinstance(each, dict) and each.get("primary") is True and each.get("verified") is True:
            return told(each.get("email"))
    return None
