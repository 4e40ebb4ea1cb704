"""An error is a designed page, a fragment, or one shape for programs; never a bare string."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from admit.core.errors import TooManyRequests
from tests.pages.rooms import ORIGIN, Rooms

JSON = {"accept": "application/json"}


async def test_a_visitor_of_a_page_that_is_not_there_gets_a_designed_page(rooms: Rooms) -> None:
    response = await rooms.browser().get("/nothing-here")

    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "<title>Page not found" in response.text
    assert response.headers["x-request-id"] in response.text
    assert 'href="/"' in response.text


async def test_a_program_gets_the_problem_in_one_shape(rooms: Rooms) -> None:
    response = await rooms.browser().get("/nothing-here", headers=JSON)

    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Page not found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "code": "not_found",
        "request_id": response.headers["x-request-id"],
    }


async def test_htmx_gets_a_fragment(rooms: Rooms) -> None:
    response = await rooms.browser().get("/nothing-here", headers={"hx-request": "true"})

    assert response.status_code == 404
    assert "There is nothing at this address." in response.text
    assert "<html" not in response.text


async def test_a_wrong_method_is_refused(rooms: Rooms) -> None:
    response = await rooms.browser().delete("/pricing")

    assert response.status_code == 405
    assert "does not take that kind of request" in response.text


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_a_form_is_refused(rooms: Rooms, *, announced: bool) -> None:
    body = b"email=" + b"a" * 256_001

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:500_000]
        yield body[500_000:]

    response = await rooms.browser().post(
        "/sign-in",
        content=body if announced else pieces(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert response.status_code == 413
    assert "larger than this page accepts" in response.text


@pytest.fixture
def broken(rooms: Rooms) -> httpx2.AsyncClient:
    """The product with two more pages: one that fails, and one that asks for patience."""
    assert isinstance(rooms.app.app, FastAPI)
    rooms.app.app.add_api_route("/fails", fail)
    rooms.app.app.add_api_route("/too-often", ask_for_patience)
    return rooms.browser()


def fail() -> None:
    raise ZeroDivisionError("a secret of the house")


def ask_for_patience() -> None:
    raise TooManyRequests(retry_after=30)


async def test_a_fault_of_ours_is_told_without_its_details(broken: httpx2.AsyncClient) -> None:
    page = await broken.get("/fails")
    problem = await broken.get("/fails", headers=JSON)

    assert (page.status_code, problem.status_code) == (500, 500)
    assert "our fault, not yours" in page.text
    assert page.headers["x-request-id"] in page.text
    assert problem.json()["code"] == "internal_error"
    for answer in (page, problem):
        assert "ZeroDivisionError" not in answer.text
        assert "a secret of the house" not in answer.text


async def test_who_is_asked_to_wait_is_told_how_long(broken: httpx2.AsyncClient) -> None:
    response = await broken.get("/too-often")

    assert (response.status_code, response.headers["retry-after"]) == (429, "30")


async def test_the_process_says_that_it_lives_and_what_it_needs(rooms: Rooms) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=rooms.app), base_url=ORIGIN
    ) as probe:
        lives, ready = await probe.get("/healthz"), await probe.get("/readyz")

    assert (lives.status_code, lives.text) == (200, "ok")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert set(ready.json()["checks"].values()) == {"ok"}
