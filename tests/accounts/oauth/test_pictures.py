"""The picture that a provider names: fetched from where it may be, and drawn anew."""

import io
from collections.abc import Sequence

import pytest
from httpx2 import URL
from PIL import Image

from admit.accounts.effects import REACTIONS_TO, reactions
from admit.accounts.oauth.events import PictureOffered
from admit.accounts.oauth.pictures import (
    Gallery,
    Resolver,
    fetch_picture,
    gallery_of,
    is_public,
    pinned,
)
from admit.accounts.profile.models import Picture
from admit.core.config import load_settings
from admit.core.events.models import EventRow
from admit.core.events.service import Occurrence
from tests.accounts.house import House
from tests.accounts.oauth.travel import comes_from
from tests.engines.provider import StandIn

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

GOOGLES = Gallery("googleusercontent.com")
asked: list[str] = []


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (96, 96), "teal").save(content, "PNG")
    return content.getvalue()


@ON_SQLITE
async def test_s0_09_the_picture_of_google_is_kept_as_ours(house: House, provider: StandIn) -> None:
    """S0-09: fetched after the sign-in, not in it; once for each address."""
    provider.pictures["/pictures/ada"] = ("image/png", picture())
    provider.someone.picture = f"{provider.url}/pictures/ada"
    ada = house.browser()

    await comes_from(ada)
    await comes_from(house.browser())
    fetched_early = list(provider.picture_requests)
    await react(house)

    offers = [row for row in await house.rows(EventRow) if row.name == PictureOffered.name]
    (kept,) = await house.rows(Picture)
    page, shown = await ada.get("/account/passkeys"), await ada.get(f"/pictures/{kept.name}")
    assert (fetched_early, provider.picture_requests) == ([], ["/pictures/ada"])
    assert (len(offers), kept.source, kept.content[8:12]) == (1, "google", b"WEBP")
    assert f"/pictures/{kept.name}" in page.text
    assert (shown.headers["content-type"], shown.content) == ("image/webp", kept.content)


@ON_SQLITE
async def test_s48_a_picture_that_is_none_too_large_or_elsewhere_is_not_kept(
    house: House, provider: StandIn
) -> None:
    """S48: no redirects, a limit of size; what is no picture is not drawn."""
    provider.pictures |= {
        "/pictures/moved": ("redirect", f"{provider.url}/pictures/ada".encode()),
        "/pictures/large": ("image/png", bytes(2_000_001)),
        "/pictures/page": ("image/png", b"<script>alert(1)</script>"),
        "/pictures/ada": ("image/png", picture()),
    }
    for number, name in enumerate(("moved", "large", "page", "missing")):
        provider.someone.number = number + 1
        provider.someone.email = f"{name}@example.com"
        provider.someone.picture = f"{provider.url}/pictures/{name}"
        await comes_from(house.browser())

    await react(house)

    assert sorted(provider.picture_requests) == [
        f"/pictures/{name}" for name in ("large", "missing", "moved", "page")
    ]
    assert await house.rows(Picture) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://lh3.googleusercontent.com/a",
        "https://evil.example/a",
        "https://googleusercontent.com.evil.example/a",
        "https://evilgoogleusercontent.com/a",
        "https://lh3.googleusercontent.com:8443/a",
        "https://user@lh3.googleusercontent.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "file:///etc/passwd",
        "//lh3.googleusercontent.com/a",
        "https://",
        "https://[",
        "",
    ],
)
async def test_s48_only_the_providers_own_hosts_over_https_are_asked(url: str) -> None:
    asked.clear()

    assert await fetch_picture(url, GOOGLES, resolve=answering("203.0.113.7")) == b""
    assert asked == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104
        ["224.0.0.1"],
        ["::1"],
        ["fd00::1"],
        ["fe80::1"],
        ["::ffff:127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        [],
    ],
)
async def test_s48_a_host_that_leads_inside_is_not_connected_to(addresses: list[str]) -> None:
    asked.clear()
    url = "https://lh3.googleusercontent.com/a"

    assert await fetch_picture(url, GOOGLES, resolve=answering(*addresses)) == b""
    assert asked == ["lh3.googleusercontent.com"]


def test_s48_the_address_that_was_looked_at_is_the_one_that_is_connected_to() -> None:
    """S48: no second look-up, which could lead elsewhere; the certificate is the host's."""
    request = pinned(URL("https://lh3.googleusercontent.com/a=s96"), "8.8.8.8")

    assert str(request.url) == "https://8.8.8.8/a=s96"
    assert request.headers["host"] == "lh3.googleusercontent.com"
    assert request.extensions["sni_hostname"] == "lh3.googleusercontent.com"
    assert is_public("8.8.8.8")


def test_s48_only_a_stand_in_that_the_operator_named_is_trusted_as_it_is() -> None:
    usual, stand_in = load_settings(), load_settings(google_issuer="http://127.0.0.1:9/google")

    assert gallery_of("google", usual) == Gallery("googleusercontent.com")
    assert gallery_of("github", usual) == Gallery("githubusercontent.com")
    assert gallery_of("google", stand_in).stand_in == "http://127.0.0.1:9"


async def react(house: House) -> None:
    """What the worker does about every picture that was offered."""
    fetch = reactions(house.parts)[REACTIONS_TO[PictureOffered.name][0]]
    assert fetch.prepare is not None
    for row in await house.rows(EventRow):
        if row.name == PictureOffered.name:
            await fetch.prepare(Occurrence.of(row))


def answering(*addresses: str) -> Resolver:
    async def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return addresses

    return resolve
