"""The configuration of docs/gate-anything.md, run by an nginx before a site that knows nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from admit.access.service import revoke
from tests.engines.nginx import find_nginx, running_nginx
from tests.engines.served import served
from tests.engines.site import free_ports
from tests.pages.rooms import Rooms, open_rooms
from tests.pages.test_pages import words_of
from tests.shape.files import ROOT

PAGE = "/reports/q1?x=1"
PATIENCE = 30.0


async def echo(request: Request) -> JSONResponse:
    """The guarded site: it says what it was told of the visitor."""
    told = {name: value for name, value in request.headers.items() if name.startswith("x-admit-")}
    return JSONResponse({"path": request.url.path, **told})


SITE = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])


def configuration(*, port: int, admit: int, site: int) -> str:
    document = (ROOT / "docs" / "gate-anything.md").read_text()
    (block,) = re.findall(r"```nginx\n(.+?)```", document, flags=re.DOTALL)
    for written, meant in (
        ("127.0.0.1:8000", f"127.0.0.1:{admit}"),
        ("127.0.0.1:8080", f"127.0.0.1:{site}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert written in block
        block = block.replace(written, meant)
    return str(block)


async def comes_up(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await client.get("/healthz")
            except httpx2.TransportError:
                await asyncio.sleep(0.02)
            else:
                return


@asynccontextmanager
async def behind_nginx(
    nginx: str, database_url: str, folder: Path
) -> AsyncIterator[tuple[Rooms, httpx2.AsyncClient]]:
    """Admit and the guarded site behind one nginx, and a browser that talks to it."""
    port, _ = free_ports()
    origin = f"http://127.0.0.1:{port}"
    async with (
        open_rooms(database_url, folder, admit_public_url=origin) as rooms,
        served(rooms.app) as admit,
        served(SITE) as site,
        httpx2.AsyncClient(base_url=origin, trust_env=False) as browser,
    ):
        servers = configuration(port=port, admit=admit, site=site)
        with running_nginx(nginx, servers, folder):
            await comes_up(browser)
            yield rooms, browser


@pytest.mark.nginx
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_site_behind_nginx_opens_to_whoever_holds_the_feature(
    database_url: str, tmp_path: Path
) -> None:
    nginx = find_nginx()
    assert nginx is not None
    async with behind_nginx(nginx, database_url, tmp_path) as (rooms, browser):
        origin = rooms.wiring.parts.settings.public_url
        stranger = await browser.get(PAGE)
        signing_in = await browser.get(stranger.headers["location"])

        ada, signed_in = await rooms.person()
        browser.cookies = signed_in.cookies
        lacking = await browser.get(PAGE, follow_redirects=True)
        grant_id = await rooms.open(ada, "premium")
        forged = {
            "x-admit-user": "usr_root",
            "x-admit-features": "everything",
            "x-admit-level": "99",
            "x-admit-feature": "community",
            "x-original-url": "https://evil.example/",
        }
        opened = await browser.get(PAGE, headers=forged)
        sent = await browser.post(PAGE, content=b"x" * 10_000)
        back = await browser.get(stranger.headers["location"])
        async with rooms.database.write() as db:
            now = rooms.wiring.parts.clock.business()
            await revoke(db, grant_id=grant_id, reason="Over.", now=now)
        closed = await browser.get(PAGE, headers=forged)
        around = await browser.get("/_admit")

    assert (stranger.status_code, signing_in.status_code) == (302, 303)
    assert signing_in.headers["location"].startswith("/sign-in?next=%2Fgate")
    assert lacking.status_code == 403
    assert "Choose Pro" in words_of(lacking)
    assert opened.json() == {
        "path": "/reports/q1",
        "x-admit-user": ada.id,
        "x-admit-features": "community,premium",
        "x-admit-level": "0",
    }
    assert sent.status_code == 200
    assert (back.status_code, back.headers["location"]) == (303, f"{origin}{PAGE}")
    assert closed.status_code == 302
    assert "evil" not in closed.headers["location"]
    assert around.status_code == 404
