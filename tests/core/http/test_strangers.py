"""Whatever a stranger sends, the answer is a designed one, with its headers, and never a 5xx."""

import json
from base64 import urlsafe_b64encode

import httpx2
import pytest

from tests.pages.rooms import ORIGIN, Rooms

HEADERS = ("content-security-policy", "x-content-type-options", "x-request-id", "cache-control")


def flashed(message: bytes) -> dict[str, str]:
    return {"cookie": f"flash={urlsafe_b64encode(message).decode()}"}


@pytest.mark.parametrize(
    "message",
    [
        b"[" * 1500,
        rb'[{"kind": "success", "text": "\ud800"}]',
        b'[{"kind": "no-such-kind", "text": "hello"}]',
        b'[{"kind": ["success"], "text": {"a": 1}}]',
        b'{"kind": "success"}',
        b"7",
    ],
)
async def test_a_visitor_with_a_cookie_that_is_none_of_ours_is_shown_no_message(
    rooms: Rooms, message: bytes
) -> None:
    response = await rooms.browser().get("/pricing", headers=flashed(message))

    assert response.status_code == 200
    assert "toast--" not in response.text


async def test_a_visitor_is_shown_the_message_that_was_left(rooms: Rooms) -> None:
    left = json.dumps([{"kind": "success", "text": "Plan <b>changed</b>."}]).encode()

    response = await rooms.browser().get("/pricing", headers=flashed(left))

    assert "Plan &lt;b&gt;changed&lt;/b&gt;." in response.text


@pytest.mark.parametrize("origin", ["http://[", "null", "http://", "://", "é"])
async def test_a_form_with_a_broken_origin_is_refused_with_every_header(
    rooms: Rooms, origin: str
) -> None:
    response = await rooms.browser().post(
        "/sign-out", headers=[(b"origin", origin.encode("latin-1"))]
    )

    assert response.status_code == 403
    assert [name for name in HEADERS if name not in response.headers] == []


async def test_another_name_of_this_host_is_own_in_development_alone(rooms: Rooms) -> None:
    asked = {"origin": "http://localhost:8000", "host": "localhost:8000"}

    response = await rooms.browser().post("/sign-out", headers=asked)

    assert response.status_code == 303


async def test_half_a_character_in_a_form_is_told_as_a_fault_of_the_form(rooms: Rooms) -> None:
    parts = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n\\ud800\r\n'
        for name in ("email", "password", "first_name", "last_name")
    )

    response = await rooms.browser().post(
        "/sign-up",
        content=f"{parts}--B--\r\n".encode(),
        headers={"content-type": "multipart/form-data; boundary=B; charset=unicode_escape"},
    )

    assert response.status_code == 400
    assert "That request made no sense" in response.text


@pytest.mark.parametrize("path", ["/static", "/static/", "/healthz/x", "/webhooks/stripe/x"])
async def test_an_address_beside_the_known_ones_is_not_found(rooms: Rooms, path: str) -> None:
    response = await rooms.browser().get(path, follow_redirects=True)

    assert response.status_code == 404
    assert "<title>Page not found" in response.text


@pytest.mark.parametrize("path", ["/", "/pricing", "/sign-in", "/healthz", "/readyz"])
async def test_head_is_answered_like_get_without_the_body(rooms: Rooms, path: str) -> None:
    browser = rooms.browser()

    head, get = await browser.head(path), await browser.get(path)

    assert (head.status_code, get.status_code) == (200, 200)
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.content == b"" or path == "/healthz"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/pricing", "GET"),
        ("POST", "/healthz", "GET, HEAD"),
        ("GET", "/webhooks/stripe", "POST"),
    ],
)
async def test_a_wrong_method_is_told_which_ones_are_right(
    rooms: Rooms, method: str, path: str, allowed: str
) -> None:
    response = await rooms.browser().request(method, path)

    assert (response.status_code, response.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "signature", ["", "t=1", f"t={'1' * 5000},v1=aa", "t=²,v1=aa", "v1=aa", "t=1,t=2,v1=aa"]
)
async def test_a_webhook_with_a_broken_signature_is_refused(rooms: Rooms, signature: str) -> None:
    response = await rooms.browser().post(
        "/webhooks/stripe",
        content=b"{}",
        headers=[
            (b"stripe-signature", signature.encode("latin-1")),
            (b"x-request-id", b"req-of-proxy"),
        ],
    )

    assert (response.status_code, response.json()["code"]) == (400, "webhook_refused")
    assert response.headers["x-request-id"] == "req-of-proxy"
    assert response.headers["cache-control"] == "no-store"


async def test_a_slash_too_many_in_a_link_does_not_bring_its_token_to_the_log(
    rooms: Rooms, capsys: pytest.CaptureFixture[str]
) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=rooms.app), base_url=ORIGIN
    ) as browser:
        await browser.get("/verify//secret-of-the-mail")
        await browser.get(f"{ORIGIN}//setup/secret-of-the-mail")

    assert "secret-of-the-mail" not in capsys.readouterr().out
