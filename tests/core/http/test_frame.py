"""What surrounds every page: its headers, its one address, and who may send it something."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.pages.rooms import ORIGIN, Rooms, open_rooms

PAGES = ("/", "/pricing", "/sign-up", "/sign-in", "/premium")


async def test_every_page_has_a_title_of_its_own_and_the_navigation_marks_it(
    rooms: Rooms,
) -> None:
    browser = rooms.browser()

    answers = [await browser.get(path, follow_redirects=True) for path in PAGES[:4]]
    marked = re.findall(r'<a[^>]*aria-current="page"[^>]*>', answers[1].text)

    assert len({title_of(answer) for answer in answers}) == 4
    assert ['href="/pricing"' in link for link in marked] == [True] * max(1, len(marked))


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/pricing/", "/pricing"),
        ("/pricing/?plan=pro-yearly", "/pricing?plan=pro-yearly"),
        ("/account/", "/account"),
        ("//elsewhere.example/", "/elsewhere.example"),
        ("/%5Celsewhere.example/", "/elsewhere.example"),
    ],
)
async def test_a_trailing_slash_leads_to_the_one_address_of_this_site(
    rooms: Rooms, asked: str, led_to: str
) -> None:
    response = await rooms.browser().get(f"{ORIGIN}{asked}")

    assert (response.status_code, response.headers["location"]) == (308, led_to)


async def test_every_answer_carries_the_security_headers(rooms: Rooms) -> None:
    """S51, S52: and no policy is unsafe anywhere."""
    for path in (*PAGES, "/nothing-here", "/pricing/"):
        headers = (await rooms.browser().get(path)).headers
        policy = directives_of(headers["content-security-policy"])

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "unsafe" not in headers["content-security-policy"]
        for name in ("default-src", "object-src", "base-uri"):
            assert policy[name] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self' http://127.0.0.1:9"
        assert "strict-transport-security" not in headers


async def test_every_page_has_a_nonce_of_its_own_and_its_scripts_carry_it(rooms: Rooms) -> None:
    browser = rooms.browser()

    first, second = await browser.get("/"), await browser.get("/")

    assert nonce_of(first) != nonce_of(second)
    scripts = re.findall(r"<script\b[^>]*>", first.text)
    assert scripts != []
    assert [script for script in scripts if f'nonce="{nonce_of(first)}"' not in script] == []


@pytest.fixture
async def https_rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(
        database_url, tmp_path, admit_public_url="https://members.example"
    ) as opened:
        yield opened


async def test_over_https_the_browser_is_told_to_stay_there(https_rooms: Rooms) -> None:
    response = await https_rooms.browser().get("/")

    expected = "max-age=31536000; includeSubDomains"
    assert response.headers["strict-transport-security"] == expected


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({"sec-fetch-site": "same-origin", "origin": ORIGIN}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": ORIGIN}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": f"{ORIGIN}.evil.example"}, False),
        ({}, False),
    ],
)
async def test_only_this_site_may_send_a_form(
    rooms: Rooms, headers: dict[str, str], *, is_taken: bool
) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=rooms.app), base_url=ORIGIN
    ) as stranger:
        response = await stranger.post("/sign-out", headers=headers)

    assert (response.status_code == 403) is not is_taken
    assert ("came from another site" in response.text) is not is_taken


async def test_a_request_keeps_the_id_it_was_given_unless_that_is_none(rooms: Rooms) -> None:
    browser = rooms.browser()

    kept = await browser.get("/", headers={"x-request-id": "from-the-proxy-7"})
    replaced = await browser.get("/", headers={"x-request-id": "<script>"})

    assert kept.headers["x-request-id"] == "from-the-proxy-7"
    assert replaced.headers["x-request-id"].startswith("req_")


def title_of(response: httpx2.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", response.text, flags=re.DOTALL)
    assert found is not None
    return found[1].strip()


def directives_of(policy: str) -> dict[str, str]:
    return dict(part.split(" ", maxsplit=1) for part in policy.split("; "))


def nonce_of(response: httpx2.Response) -> str:
    found = re.search(r"'nonce-([^']+)'", response.headers["content-security-policy"])
    assert found is not None
    return found[1]
