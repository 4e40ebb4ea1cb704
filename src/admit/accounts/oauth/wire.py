"""Asking a provider: short patience, small answers, no redirects."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx2
import structlog

from admit.accounts.oauth.errors import ProviderFailed, ProviderSilent

log = structlog.get_logger("admit.accounts.oauth")

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
LARGEST_ANSWER = 512_000
USER_AGENT = "Admit"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        """Raises `ProviderFailed` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ProviderFailed from None


@cache
def trust() -> ssl.SSLContext:
    """Reading the certificates takes longer than the whole conversation."""
    return httpx2.create_ssl_context()


async def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    largest: int = LARGEST_ANSWER,
) -> Answer:
    """Raises `ProviderSilent` when nothing comes back, `ProviderFailed` when it is too much."""
    sent = {"user-agent": USER_AGENT, "accept": "application/json", **(headers or {})}
    try:
        async with (
            httpx2.AsyncClient(verify=trust(), timeout=TIMEOUT, follow_redirects=False) as http,
            http.stream(method, url, headers=sent, data=form) as response,
        ):
            return Answer(response.status_code, await _small(response, largest))
    except (httpx2.HTTPError, httpx2.InvalidURL):
        # Its text may name the address with what was asked; the kind says enough.
        log.warning("oauth.no_answer", host=httpx2.URL(url).host)
        raise ProviderSilent from None


async def ask_for_object(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """The JSON object of a 200; a failing server is silent, any other answer has failed."""
    answer = await ask(method, url, headers=headers, form=form)
    found = _good(answer, url).json()
    if not isinstance(found, dict):
        raise ProviderFailed
    return found


async def ask_for_list(url: str, *, headers: Mapping[str, str]) -> list[Any]:
    found = _good(await ask("GET", url, headers=headers), url).json()
    if not isinstance(found, list):
        raise ProviderFailed
    return found


def _good(answer: Answer, url: str) -> Answer:
    if answer.status == 200:
        return answer
    log.warning("oauth.refused", host=httpx2.URL(url).host, status=answer.status)
    raise ProviderSilent if answer.status >= 500 or answer.status == 429 else ProviderFailed


async def _small(response: httpx2.Response, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > largest:
            raise ProviderFailed
    return bytes(body)
