"""What must hold for every page of this slice, found from the router itself."""

import json
from collections.abc import Iterator

import httpx2
import pytest
import structlog
from fastapi.routing import iter_route_contexts
from jinja2 import Environment
from sqlalchemy import func, select

from admit.accounts.routes import router
from admit.core.db import Base
from admit.core.logs import hide_secrets
from tests.accounts.house import PASSWORD, House, code_in, link_in, open_house
from tests.accounts.tokens.program import AUTH

SAFE = {"GET", "HEAD"}
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
"""Which refuses what SQLite would store: a zero byte, half a character."""


def routes(*, safe: bool) -> list[tuple[str, str]]:
    return sorted(
        (method, str(route.path))
        for route in iter_route_contexts(router.routes)
        for method in route.methods or ()
        if (method in SAFE) is safe
    )


@ON_SQLITE
async def test_s50_looking_at_a_page_changes_no_row(house: House) -> None:
    ada = await house.person()
    waiting = house.browser()
    await waiting.sign_up("eve@example.com")
    before = await counts(house)

    for _method, path in routes(safe=True):
        for browser in (ada, waiting, house.browser()):
            await browser.get(path)

    assert await counts(house) == before


@ON_SQLITE
async def test_s49_every_cookie_is_ours_alone(database_url: str, templates: Environment) -> None:
    """S49 (ASVS 3.3.1-3.3.4); `Manners` sees to the rest in every house."""
    home = "https://admit.example"
    async with open_house(database_url, templates, admit_public_url=home) as house:
        ada = house.browser(origin=home)
        ada.http.base_url = httpx2.URL(home)
        program = {"email": "ada@example.com", "password": PASSWORD}
        answers = [
            await ada.sign_up(),
            await ada.confirm(),
            await ada.sign_in(),
            await ada.http.post("/account/passkeys/options"),
            await ada.post("/sign-out"),
            await ada.post("/sign-in/code", email="ada@example.com"),
            await ada.post("/sign-in/passkey/options"),
            await ada.http.post(f"{AUTH}/sign-in", json=program),
        ]

    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {
        *("__Host-verification", "__Host-session", "__Host-device", "__Host-flash"),
        *("__Host-mailed_code", "__Host-passkey", "__Host-refresh"),
    }
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; ")[1:])
        assert "Domain" not in cookie


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    lines: list[str] = []

    def keep(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
        lines.append(json.dumps(event, default=str))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, hide_secrets, keep])
    yield lines
    structlog.reset_defaults()


async def test_s59_the_log_holds_no_password_code_token_or_address(
    house: House, log_lines: list[str]
) -> None:
    ada = house.browser(**{"user-agent": "Fox\tAdmin"})
    await ada.sign_up()
    mail = await house.newest_mail("ada@example.com")
    link, code = link_in(mail), code_in(mail)
    await ada.get(link)
    await ada.sign_in(password="a wrong heron bridge")
    await ada.post("/verify", code=code)
    secrets = [PASSWORD, "a wrong heron bridge", code, link.removeprefix("/verify/")]
    secrets += [*ada.cookies.values(), "ada@example.com"]

    await ada.post("/sign-out")

    assert len(log_lines) == 5
    assert [secret for secret in secrets if any(secret in line for line in log_lines)] == []


async def counts(house: House) -> dict[str, int | None]:
    async with house.database.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


NASTY = (
    b"%00",
    b"%F0%9F%A6%8A" * 300,
    b"'%22%3B--%3Cscript%3E",
    b"%0d%0aSet-Cookie:%20a=b",
    b"a" * 20_000,
    b"%ED%A0%80",
)
FIELDS = (b"email", b"password", b"first_name", b"last_name", b"next", b"plan", b"code")


@ON_POSTGRESQL
async def test_s60_nothing_that_is_typed_or_brought_along_breaks_a_page(house: House) -> None:
    ada = house.browser(**{"content-type": "application/x-www-form-urlencoded"})
    await ada.sign_up()
    for cookie in ("session", "device"):
        ada.http.cookies.set(cookie, "\x7f'--", domain="127.0.0.1")
    statuses = set()

    for nasty in NASTY:
        body = b"&".join(field + b"=" + nasty for field in FIELDS)
        for method, path in routes(safe=False):
            answer = await ada.http.request(method, path, content=body)
            statuses.add(answer.status_code)
        for path in ("/sign-up?next=%s&plan=%s", "/sign-in?next=%s#%s", "/verify/%s?%s"):
            text = nasty.decode()[:2000]
            statuses.add((await ada.get(path % (text, text))).status_code)

    for path in ("/sign-up", "/sign-in"):
        strange = b"next=%00&plan=%00&email=eve%40example.com&password=heron+under+bridges%00%FF"
        answer = await ada.http.post(path, content=strange + b"&first_name=E&last_name=V")
        statuses.add(answer.status_code)

    assert [status for status in statuses if status >= 500] == []
