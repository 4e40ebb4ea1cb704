"""Every route of the product, as another site would have it asked (SECURITY S50, S53)."""

import re
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select

from admit.accounts.models import Role, User
from admit.core.crypto import new_token
from admit.core.db import Base, Database
from admit.core.http.frame import loggable_path
from tests.accounts.route_table import ROUTES
from tests.accounts.test_route_matrix import PROVIDER, path_of
from tests.pages.rooms import ORIGIN, Rooms, open_rooms

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
    {"origin": ORIGIN, "sec-fetch-site": "same-site"},
    {},
)
"""The last one says nothing of where it began, as an old browser would."""
KEPT_BY_CACHES = re.compile(r"/(\.well-known/jwks\.json|favicon\.ico)\Z")
"""The same for everybody."""


async def an_administrator(rooms: Rooms) -> httpx2.AsyncClient:
    """The most that can be done with a cookie."""
    user, browser = await rooms.person()
    async with rooms.database.write() as db:
        (await db.get_one(User, user.id)).role = Role.admin
    return browser


async def counts(database: Database) -> dict[str, int | None]:
    async with database.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


@ON_ONE_DATABASE
async def test_s50_no_other_site_may_send_a_form_to_any_route(
    database_url: str, tmp_path: Path
) -> None:
    """S50 (ASVS 3.5.1): signing in and out included."""
    async with open_rooms(database_url, tmp_path, **PROVIDER) as rooms:
        ada = await an_administrator(rooms)
        del ada.headers["origin"]
        before = await counts(rooms.database)

        taken = [
            (route, headers)
            for route in ROUTES
            if not route.startswith("GET ")
            for headers in FROM_ELSEWHERE
            if await status(ada, route, **headers) != 403
        ]

        assert taken == []
        assert await counts(rooms.database) == before


@ON_ONE_DATABASE
async def test_s50_s53_looking_changes_no_row_and_is_kept_by_no_cache(
    database_url: str, tmp_path: Path
) -> None:
    """S50 (ASVS 3.5.3), S53 (ASVS 14.3.2)."""
    async with open_rooms(database_url, tmp_path, **PROVIDER) as rooms:
        ada = await an_administrator(rooms)
        before = await counts(rooms.database)

        looked = {
            path: await ada.get(path)
            for path in (path_of(route) for route in ROUTES if route.startswith("GET "))
        }

        kept = [
            path
            for path, answer in looked.items()
            if answer.headers.get("cache-control") != "no-store"
        ]
        assert [path for path in kept if not KEPT_BY_CACHES.search(path)] == []
        assert await counts(rooms.database) == before


def test_s53_a_token_in_an_address_reaches_no_log() -> None:
    """S53 (ASVS 14.2.1): a new route of that kind needs its place in `frame.SECRET_PATHS`."""
    token = new_token()
    paths = [route.partition(" ")[2] for route in ROUTES if "{token}" in route]

    logged = [loggable_path(path.replace("{token}", token)) for path in paths]

    assert len(logged) >= 10
    assert [line for line in logged if token in line] == []


async def status(browser: httpx2.AsyncClient, route: str, **headers: str) -> int:
    typed = {"content-type": "application/x-www-form-urlencoded", **headers}
    answer = await browser.request(route.partition(" ")[0], path_of(route), headers=typed)
    return answer.status_code
