"""Asks a service of leaked passwords about a new one, without telling it which.

The protocol of Have I Been Pwned (https://haveibeenpwned.com/API/v3#PwnedPasswords): the first
five of the forty hexadecimal digits of the SHA-1 go out, some hundred endings come back.
"""

import hashlib
import unicodedata

import httpx2
import structlog

from admit.core.errors import InvalidInput

TOLD = 5
PATIENCE_SECONDS = 4.0
LEAKED = "This password was found in a leak of another site, so it is tried first. Choose another."

log = structlog.get_logger("admit.accounts")


class Breaches:
    """`url` is what the five digits are added to; without one nobody is asked."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def holds(self, password: str) -> bool:
        """False also when the service does not answer: the lists that we carry have decided."""
        if not self._url:
            return False
        text = unicodedata.normalize("NFC", password).encode()
        digest = hashlib.sha1(text, usedforsecurity=False).hexdigest().upper()
        answer = await self._endings_of(digest[:TOLD])
        return any(_is_ending(line, digest[TOLD:]) for line in answer.splitlines())

    async def refuse(self, password: str) -> None:
        """Raises `InvalidInput` when the password was leaked."""
        if await self.holds(password):
            raise InvalidInput({"password": LEAKED})

    async def _endings_of(self, prefix: str) -> str:
        # Padding hides from the network how many endings there are.
        headers = {"Add-Padding": "true", "User-Agent": "Admit"}
        try:
            async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS, headers=headers) as http:
                answer = await http.get(f"{self._url}/{prefix}")
                answer.raise_for_status()
        except httpx2.HTTPError as problem:
            log.warning("password.breaches_unavailable", problem=type(problem).__name__)
            return ""
        return answer.text


def _is_ending(line: str, ending: str) -> bool:
    """`ENDING:COUNT`; what is only padding has a count of nought."""
    found, _, count = line.strip().partition(":")
    return found.upper() == ending and count.strip() not in {"", "0"}
