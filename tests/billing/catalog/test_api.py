"""Plans over the API: anybody reads what is sold, administrators change it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from admit.accounts.models import Role, User
from tests.pages.rooms import Rooms, open_rooms

PLANS = "/api/v1/plans"
PRO = f"{PLANS}/pro"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PRICE = {"code": "solo-monthly", "interval": "month", "amount": 500, "currency": "eur"}
SOLO: dict[str, object] = {
    "code": "solo",
    "name": "Solo",
    "level": 5,
    "features": ["community", {"key": "projects", "limit": 2}],
    "prices": [PRICE],
}


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path) as opened:
        yield opened


async def administrator(rooms: Rooms, name: str = "grace") -> httpx2.AsyncClient:
    user, browser = await rooms.person(name)
    async with rooms.database.write() as db:
        (await db.get_one(User, user.id)).role = Role.admin
    return browser


async def codes(browser: httpx2.AsyncClient) -> list[str]:
    return [plan["code"] for plan in (await browser.get(PLANS)).json()["data"]]


async def test_an_administrator_makes_changes_retires_and_restores_a_plan(rooms: Rooms) -> None:
    grace, anybody = await administrator(rooms), rooms.browser()

    made = await grace.post(PLANS, json=SOLO)

    assert (made.status_code, made.headers["location"]) == (201, f"{PLANS}/solo")
    assert made.json()["features"] == [
        {"key": "community", "limit": None},
        {"key": "projects", "limit": 2},
    ]
    assert await codes(anybody) == ["free", "solo", "pro", "team"]

    path = f"{PLANS}/solo"
    changed = await grace.patch(path, json={"name": "Single", "grace_days": 3})
    assert (changed.json()["name"], changed.json()["grace_days"]) == ("Single", 3)
    assert changed.json()["level"] == 5
    replaced = await grace.put(f"{path}/prices/solo-monthly", json={**PRICE, "amount": 700})
    added = await grace.post(
        f"{path}/prices",
        json={"code": "solo-yearly", "interval": "year", "amount": 7000, "currency": "eur"},
    )
    assert [price["amount"] for price in replaced.json()["prices"]] == [700]
    assert [price["amount"] for price in added.json()["prices"]] == [700, 7000]
    dropped = await grace.delete(f"{path}/prices/solo-yearly")
    assert [price["code"] for price in dropped.json()["prices"]] == ["solo-monthly"]

    assert (await grace.delete(path)).status_code == 204
    assert await codes(anybody) == ["free", "pro", "team"]
    assert (await anybody.get(path)).status_code == 404
    assert (await grace.get(path)).json()["active"] is False
    refused = await grace.patch(path, json={"name": "Again"})
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_retired")

    restored = await grace.post(f"{path}/restoration")
    assert [price["amount"] for price in restored.json()["prices"]] == [700]
    assert await codes(anybody) == ["free", "solo", "pro", "team"]


async def test_of_two_administrators_who_read_the_same_the_second_one_is_told(
    rooms: Rooms,
) -> None:
    grace, ada = await administrator(rooms), await administrator(rooms, "ada")
    tag = {"if-match": (await grace.get(PRO)).headers["etag"]}

    answers = await asyncio.gather(
        grace.patch(PRO, json={"name": "Grace's"}, headers=tag),
        ada.patch(PRO, json={"name": "Ada's"}, headers=tag),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    (written,) = [answer for answer in answers if answer.status_code == 200]
    now = await ada.get(PRO)
    assert (now.json()["name"], now.headers["etag"]) == (
        written.json()["name"],
        written.headers["etag"],
    )
    again = await ada.patch(PRO, json={"name": "Both"}, headers={"if-match": now.headers["etag"]})
    assert again.status_code == 200


@ON_SQLITE
async def test_lists_and_plans_are_told_to_be_known_until_something_changes(rooms: Rooms) -> None:
    grace, anybody = await administrator(rooms), rooms.browser()
    for level, path in enumerate((PRO, PLANS, "/api/v1/features"), start=11):
        known = {"if-none-match": (await anybody.get(path)).headers["etag"]}
        assert (await anybody.get(path, headers=known)).status_code == 304
        await grace.patch(PRO, json={"level": level})
        assert (await anybody.get(path, headers=known)).status_code == 200


@ON_SQLITE
@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"code": "Solo!"}, "code", 'Write small letters, digits and "-" only'),
        ({"code": "new"}, "code", '"new" is taken by the pages of plans'),
        ({"code": "pro"}, "code", "Another plan has this code"),
        ({"name": " "}, "name", "Write a name, on one line."),
        ({"name": "Pro"}, "name", "Another plan has this name."),
        ({"level": -1}, "level", "greater than or equal to 0"),
        ({"max_quantity": 0}, "max_quantity", "greater than or equal to 1"),
        ({"max_quantity": 10**30}, "max_quantity", "less than or equal to 10000"),
        ({"features": ["gold"]}, "features", '"gold" is not defined'),
        ({"features": [{"key": "premium", "limit": 0}]}, "limit", "greater than or equal to 1"),
        ({"prices": [{**PRICE, "amount": 0}]}, "amount", "greater than 0"),
        ({"prices": [{**PRICE, "currency": "xyz"}]}, "currency", "three small letters"),
        ({"prices": [{**PRICE, "code": "pro-monthly"}]}, "prices", "Another plan has"),
        ({"colour": "red"}, "colour", "not permitted"),
    ],
)
async def test_a_wrong_plan_is_refused_by_field_and_nothing_is_made(
    rooms: Rooms, wrong: dict[str, object], field: str, sentence: str
) -> None:
    grace = await administrator(rooms)

    refused = await grace.post(PLANS, json={**SOLO, **wrong})

    assert refused.status_code == 422
    assert sentence in refused.json()["errors"][field]
    assert await codes(grace) == ["free", "pro", "team"]


@ON_SQLITE
async def test_what_is_not_there_is_not_found_and_members_change_nothing(rooms: Rooms) -> None:
    grace, (_, member) = await administrator(rooms), await rooms.person("mel")
    price = PRICE

    for answer in (
        await grace.patch(f"{PLANS}/gold", json={"name": "Gold"}),
        await grace.delete(f"{PLANS}/gold"),
        await grace.put(f"{PRO}/prices/pro-daily", json=price),
        await grace.delete(f"{PRO}/prices/pro-daily"),
    ):
        assert answer.status_code == 404
    taken = await grace.post(f"{PRO}/prices", json={**price, "code": "pro-monthly"})
    assert taken.json()["errors"] == {"code": "The plan has a price of this code. Choose another."}
    assert (await member.delete(PRO)).status_code == 403


@ON_SQLITE
async def test_a_plan_that_lost_its_last_price_is_not_given_away(rooms: Rooms) -> None:
    grace = await administrator(rooms)

    await grace.delete(f"{PRO}/prices/pro-monthly")
    await grace.delete(f"{PRO}/prices/pro-yearly")

    assert await codes(grace) == ["free", "team"]
    assert (await grace.get(PRO)).json()["active"] is True
