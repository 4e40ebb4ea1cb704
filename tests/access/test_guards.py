"""Routes of an embedder's own, guarded by one line: a feature, or the level of a plan."""

from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI

from admit.access.deps import load_visitor, requires_feature, requires_level
from admit.access.service import hold
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.deps import open_to_keys
from admit.accounts.models import User
from tests.access.holders import add_key, holder
from tests.pages.rooms import Rooms

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

EXPORT, REPORT = "/api/v1/example/export", "/api/v1/example/report"


def furnish(rooms: Rooms) -> None:
    """An endpoint behind a feature, one that takes keys too, and one behind a level."""
    router = APIRouter(prefix="/api/v1/example")

    async def done() -> str:
        return "done"

    guarded = requires_feature("exports")
    router.add_api_route("/export", done, dependencies=[guarded])
    by_key = [open_to_keys(Scope.access_read), guarded]
    router.add_api_route("/export-by-key", done, dependencies=by_key)
    router.add_api_route("/report", done, dependencies=[requires_level(10)])
    app = rooms.app.app
    assert isinstance(app, FastAPI)
    app.include_router(router, dependencies=[Depends(load_visitor)])


async def subscribe(rooms: Rooms, user: User, *, level: int) -> None:
    async with rooms.database.write() as db:
        await hold(
            db,
            user_id=user.id,
            source="subscription",
            source_id="sub_1",
            features={"exports": None},
            level=level,
            ends_at=None,
            review_at=None,
            now=datetime.now(UTC),
            reason="paid",
        )


def told(response: httpx2.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


async def test_an_endpoint_opens_with_its_feature_and_says_what_opens_it(rooms: Rooms) -> None:
    furnish(rooms)
    ada = await holder(rooms)
    key = await add_key(rooms, ada.user, "access:read")

    stranger = await rooms.browser().get(EXPORT)
    lacking = await ada.ask(path=EXPORT)
    with_key = await ada.ask(key, f"{EXPORT}-by-key")
    await rooms.open(ada.user, "exports")

    assert told(stranger) == (401, "sign_in_needed")
    assert told(lacking) == told(with_key) == (403, "feature_needed")
    assert (lacking.json()["feature"], lacking.json()["plans"]) == ("exports", ["pro", "team"])
    assert await ada.status(path=EXPORT) == 200
    assert await ada.status(key, f"{EXPORT}-by-key") == 200
    assert told(await ada.ask(key, EXPORT)) == (403, "scope_needed")


async def test_s2_16_a_higher_plan_opens_what_a_lower_one_does(rooms: Rooms) -> None:
    furnish(rooms)
    ada, browser = await rooms.person()

    refused = [await rooms.browser().get(REPORT), await browser.get(REPORT)]
    seen = []
    for level in (5, 10, 20):
        await subscribe(rooms, ada, level=level)
        seen.append((await browser.get(REPORT)).status_code)

    assert [told(response) for response in refused] == [
        (401, "sign_in_needed"),
        (403, "level_needed"),
    ]
    assert (refused[1].json()["level"], refused[1].json()["plans"]) == (10, ["pro", "team"])
    assert seen == [403, 200, 200]
