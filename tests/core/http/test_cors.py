"""Pages of other sites that ask the API: only those that are listed, letter by letter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from admit.core.config import SettingsError, load_settings
from admit.web import create_app
from admit.wiring import wire
from tests.accounts.house import built_templates
from tests.pages.rooms import ORIGIN

LISTED = "https://app.example.com"
TRICKS = (
    "null",
    "https://app.example.com.evil.example",
    "https://evilapp.example.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://APP.example.com",
    "https://app.example.com/",
    "https://evil.example",
)
ACCESS, SIGN_IN = "/api/v1/access/premium", "/api/v1/auth/sign-in"
ASKING = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
}


@asynccontextmanager
async def site(
    database_url: str, directory: Path, origins: str
) -> AsyncIterator[httpx2.AsyncClient]:
    wiring = wire(
        load_settings(
            database_url=database_url,
            admit_data_dir=directory,
            stripe_simulator_url="http://127.0.0.1:9",
            cors_allowed_origins=origins,
        )
    )
    app = create_app(wiring)
    built_templates(directory)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url=ORIGIN
    ) as client:
        yield client
    wiring.billing.gateway.close()
    await wiring.parts.database.close()


def told(answer: httpx2.Response) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name.startswith("access-control-")
    }


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s54_only_listed_origins_may_read_and_never_by_a_wildcard(
    database_url: str, tmp_path: Path
) -> None:
    """S54 (ASVS 3.4.2): exact; `null` and suffixes are nobody; credentials never with `*`."""
    async with site(database_url, tmp_path, f"{LISTED}, https://b.example") as client:
        for path in (ACCESS, "/api/v1/auth/me"):
            answer = await client.get(path, headers={"origin": LISTED})
            assert told(answer) == {
                "access-control-allow-origin": LISTED,
                "access-control-allow-credentials": "true",
                "access-control-expose-headers": "ETag, Retry-After, X-Request-Id",
            }
            assert (answer.status_code, answer.headers["vary"]) == (401, "Origin")
            for trick in TRICKS:
                refused = await client.get(path, headers={"origin": trick})
                assert (trick, told(refused), refused.headers["vary"]) == (trick, {}, "Origin")
        leave = await client.options(ACCESS, headers={"origin": LISTED, **ASKING})
        for trick in TRICKS:
            refused = await client.options(SIGN_IN, headers={"origin": trick, **ASKING})
            assert (refused.status_code >= 400, told(refused)) == (True, {})
        page = await client.get("/sign-in", headers={"origin": LISTED})

    assert leave.status_code == 204
    assert told(leave)["access-control-allow-origin"] == LISTED
    assert "DELETE" in told(leave)["access-control-allow-methods"]
    assert "Authorization" in told(leave)["access-control-allow-headers"]
    assert told(page) == {}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s50_the_api_is_asked_by_programs_and_listed_sites_and_by_no_other(
    database_url: str, tmp_path: Path
) -> None:
    """S50 (ASVS 3.5.1): what a page can make a browser send by itself is refused."""
    asked = b'{"email":"ada@example.com","password":"a quiet heron bridge"}'
    json = {"content-type": "application/json"}
    form = {"content-type": "application/x-www-form-urlencoded", "cookie": "refresh=x"}
    cases: dict[str, tuple[dict[str, str], bool]] = {
        "a program": (json, True),
        "a program with cookies": ({**json, "cookie": "refresh=x"}, True),
        "a program with a token": ({**form, "authorization": "Bearer x"}, True),
        "our own page": ({**json, "origin": ORIGIN, "sec-fetch-site": "same-origin"}, True),
        "a listed page": ({**json, "origin": LISTED, "sec-fetch-site": "cross-site"}, True),
        "a form with cookies that hides where it is": (form, False),
        "another page": ({**json, "origin": "https://evil.example"}, False),
        "a hidden page": ({**json, "origin": "null"}, False),
        "another page with a token": (
            {**json, "origin": "https://evil.example", "authorization": "Bearer x"},
            False,
        ),
        "a browser that tells of a cross-site call": (
            {**json, "sec-fetch-site": "cross-site"},
            False,
        ),
    }

    async with site(database_url, tmp_path, LISTED) as client:
        answers = {
            name: await client.post(SIGN_IN, headers=headers, content=asked)
            for name, (headers, _) in cases.items()
        }
        a_page = await client.post("/sign-in", headers={"origin": LISTED})

    found = {name: answer.json()["code"] != "cross_site" for name, answer in answers.items()}
    assert found == {name: lets_in for name, (_, lets_in) in cases.items()}
    assert a_page.status_code == 403


@pytest.mark.parametrize("origins", ["*", "null", "https://*.example.com", "app.example.com"])
def test_s54_a_wildcard_cannot_be_written(origins: str) -> None:
    """S54: nor anything else that is no origin."""
    with pytest.raises(SettingsError, match="CORS_ALLOWED_ORIGINS"):
        load_settings(cors_allowed_origins=origins)
