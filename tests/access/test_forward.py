"""What a proxy is told of somebody who wants to see a site that is not ours."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from admit.access.service import revoke
from tests.access.holders import add_key, holder
from tests.pages.rooms import ORIGIN, Rooms, open_rooms
from tests.pages.test_pages import words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

FORWARD = "/api/v1/access/forward"
SITE = "https://reports.example.com"
PAGE = {"accept": "text/html,*/*;q=0.8"}
GATE = f"{ORIGIN}/gate"
THERE_AND_BACK = "/gate?feature=premium&return=https%3A%2F%2Freports.example.com%2Fq1"


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path, gated_origins=SITE) as opened:
        yield opened


def told(response: httpx2.Response) -> tuple[int, str | None]:
    return response.status_code, response.headers.get("location")


def identity(response: httpx2.Response) -> dict[str, str]:
    names = [name for name in response.headers if name.startswith("x-admit-")]
    return {name: response.headers[name] for name in names}


async def test_a_proxy_lets_through_whoever_holds_all_that_it_names(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    forged = {"x-admit-user": "usr_root", "x-admit-features": "premium", "x-admit-level": "99"}
    lacking = await browser.get(f"{FORWARD}?feature=premium", headers=forged)

    grant_id = await rooms.open(ada, "premium")
    asked = [
        await browser.get(path, headers=headers)
        for _ in ("cold", "warm")
        for path, headers in (
            (FORWARD, {}),
            (f"{FORWARD}?feature=premium", forged),
            (FORWARD, {"x-admit-feature": "premium, community"}),
        )
    ]
    short = [
        await browser.get(f"{FORWARD}?feature=premium&feature=exports"),
        await browser.get(f"{FORWARD}?feature=premium", headers={"x-admit-feature": "exports"}),
        await browser.get(f"{FORWARD}?feature=no-such"),
    ]
    async with rooms.database.write() as db:
        await revoke(db, grant_id=grant_id, reason="Over.", now=rooms.wiring.parts.clock.business())
    closed = await browser.get(f"{FORWARD}?feature=premium")

    assert [response.status_code for response in (lacking, *asked, *short, closed)] == [
        403,
        *[204] * 6,
        *[403] * 4,
    ]
    assert identity(lacking) == {}
    for response in asked:
        assert identity(response) == {
            "x-admit-user": ada.id,
            "x-admit-features": "community,premium",
            "x-admit-level": "0",
        }
        assert (response.content, response.headers["cache-control"]) == (b"", "no-store")
    assert lacking.json()["code"] == "feature_needed"


async def test_whoever_is_refused_learns_where_to_go_on_and_back_to_our_sites_only(
    rooms: Rooms,
) -> None:
    browser = rooms.browser()
    traefik = {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "reports.example.com",
        "x-forwarded-uri": "/q1?x=1",
        "x-forwarded-method": "GET",
        **PAGE,
    }
    back = f"{GATE}?return=https%3A%2F%2Freports.example.com%2Fq1%3Fx%3D1"

    assert told(await browser.get(FORWARD, headers=traefik)) == (401, back)
    asked = f"{FORWARD}?redirect=1"
    assert told(await browser.get(asked, headers=traefik)) == (302, back)
    for other in ({"accept": "application/json"}, {"x-forwarded-method": "POST"}):
        assert told(await browser.get(asked, headers={**traefik, **other})) == (401, back)
    nginx = {"x-original-url": f"{ORIGIN}/reports/?a=b"}
    of_nginx = await browser.get(f"{FORWARD}?feature=premium", headers=nginx)
    own = f"{GATE}?feature=premium&return=http%3A%2F%2F127.0.0.1%3A8000%2Freports%2F%3Fa%3Db"
    assert told(of_nginx) == (401, own)
    for evil in (
        "https://evil.example/",
        f"{SITE}.evil.example/",
        f"{SITE}@evil.example/",
        f"{SITE}\\@evil.example/",
        f"{SITE}//evil.example",
        f"{SITE}/a\\b",
        "javascript:alert(1)//",
        "//evil.example/",
        SITE.upper() + "/",
    ):
        answer = await browser.get(FORWARD, headers={"x-original-url": evil})
        assert (evil, *told(answer)) == (evil, 401, GATE)


async def test_programs_pass_with_a_token_or_a_key_and_nobody_without_a_confirmed_address(
    rooms: Rooms,
) -> None:
    ada = await holder(rooms)
    await rooms.open(ada.user, "premium")
    key = await add_key(rooms, ada.user, "access:read")
    other = await add_key(rooms, ada.user, "account:read")
    newcomer, browser = await rooms.person("bob", is_verified=False)
    await rooms.open(newcomer, "premium")
    path = f"{FORWARD}?feature=premium"

    passed = [await ada.status(token, path) for token in (ada.token, key, other, "nonsense")]
    unconfirmed = await browser.get(path)

    assert passed == [204, 204, 403, 401]
    assert told(unconfirmed) == (403, f"{GATE}?feature=premium")
    assert (await browser.post(FORWARD)).status_code == 405


async def test_the_gate_signs_in_says_what_is_lacking_and_leads_back(rooms: Rooms) -> None:
    ada, browser = await rooms.person()

    stranger = await rooms.browser().get(THERE_AND_BACK)
    lacking = await browser.get(THERE_AND_BACK)
    await rooms.open(ada, "premium")
    back = await browser.get(THERE_AND_BACK)
    elsewhere = await browser.get("/gate?return=https%3A%2F%2Fevil.example%2F")

    assert told(stranger) == (303, f"/sign-in?next={quote(THERE_AND_BACK, safe='')}")
    assert lacking.status_code == 403
    assert "Choose Pro" in words_of(lacking)
    assert told(back) == (303, f"{SITE}/q1")
    assert told(elsewhere) == (303, "/account")


async def test_the_described_endpoint_says_the_same(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    await rooms.open(ada, "premium")
    behind = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=rooms.app.app),
        base_url=ORIGIN,
        cookies=browser.cookies,
    )

    async with behind:
        for path in (FORWARD, f"{FORWARD}?feature=premium", f"{FORWARD}?feature=exports"):
            hot, described = await browser.get(path), await behind.get(path)
            assert hot.status_code == described.status_code
            assert identity(hot) == identity(described)
