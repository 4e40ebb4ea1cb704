"""Fetching the picture that a provider names, without becoming its errand boy (SECURITY.md S48).

The address comes from outside, so it decides nothing: https, hosts of the provider alone, public
addresses alone, looked up once and connected to as looked up, no redirects, little time, few bytes.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import httpx2
import structlog

from admit.accounts.oauth.wire import USER_AGENT, trust
from admit.core.config import GITHUB, GOOGLE, Settings, origin_of

log = structlog.get_logger("admit.accounts.oauth")

LONGEST_SECONDS = 10.0
MOST_BYTES = 2_000_000
HOSTS = {"google": "googleusercontent.com", "github": "githubusercontent.com"}

Resolver = Callable[[str], Awaitable[Sequence[str]]]


@dataclass(frozen=True)
class Gallery:
    """Where the pictures of one provider may come from."""

    domain: str
    """And every host under it."""
    stand_in: str | None = None
    """The origin that the operator named instead of the provider: trusted as it is."""


def gallery_of(provider: str, settings: Settings) -> Gallery:
    url, usual = {
        "google": (settings.google_issuer, GOOGLE),
        "github": (settings.github_url, GITHUB),
    }[provider]
    return Gallery(HOSTS[provider], None if url == usual else origin_of(url))


async def fetch_picture(url: str, gallery: Gallery, *, resolve: Resolver | None = None) -> bytes:
    """What the address answers, which may be no picture at all; empty for none."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            request = await _request_for(url, gallery, resolve or addresses_of)
            return await _fetch(request) if request else b""
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, TimeoutError, ValueError) as error:
        log.info("oauth.no_picture", why=type(error).__name__)
        return b""


async def _request_for(url: str, gallery: Gallery, resolve: Resolver) -> httpx2.Request | None:
    target = httpx2.URL(url)
    if target.userinfo:
        return None
    if gallery.stand_in and origin_of(url) == gallery.stand_in:
        return httpx2.Request("GET", target, headers={"user-agent": USER_AGENT})
    if target.scheme != "https" or target.port not in {None, 443}:
        return None
    if not is_under(target.host, gallery.domain):
        return None
    addresses = await resolve(target.host)
    if not addresses or not all(is_public(address) for address in addresses):
        return None
    return pinned(target, addresses[0])


def pinned(target: httpx2.URL, address: str) -> httpx2.Request:
    """To the address that was looked at: a second look-up could give another one.

    The certificate is still asked for the host's name.
    """
    return httpx2.Request(
        "GET",
        target.copy_with(host=address),
        headers={"host": target.host, "user-agent": USER_AGENT},
        extensions={"sni_hostname": target.host},
    )


async def _fetch(request: httpx2.Request) -> bytes:
    content = bytearray()
    async with httpx2.AsyncClient(verify=trust(), follow_redirects=False, trust_env=False) as http:
        response = await http.send(request, stream=True)
        if response.status_code != 200:
            return b""
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                return b""
    return bytes(content)


def is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def is_public(address: str) -> bool:
    found = ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast


async def addresses_of(host: str) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]
