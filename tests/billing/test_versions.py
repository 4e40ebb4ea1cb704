"""`/api/v1/versions` over HTTP: which lists changed since a program last looked."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from admit.billing.catalog.models import Plan
from admit.billing.customers.models import BillingAccount
from admit.billing.stripe_account import remember_account
from admit.core.versions.models import ListVersion
from tests.pages.rooms import Rooms, open_rooms

VERSIONS = "/api/v1/versions"


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path) as rooms:
        yield rooms


async def numbers(browser: httpx2.AsyncClient) -> dict[str, int]:
    told: dict[str, int] = (await browser.get(VERSIONS)).json()["versions"]
    return told


async def test_a_program_sees_which_lists_changed_and_is_not_told_twice(rooms: Rooms) -> None:
    _, browser = await rooms.person()
    first = await browser.get(VERSIONS)
    tag = {"if-none-match": first.headers["etag"]}
    unchanged = await browser.get(VERSIONS, headers=tag)
    async with rooms.database.write() as db:
        (await db.get_one(Plan, "pro")).name = "Professional"
    changed = await browser.get(VERSIONS, headers=tag)

    assert (first.status_code, unchanged.status_code, changed.status_code) == (200, 304, 200)
    assert (unchanged.content, unchanged.headers["etag"]) == (b"", first.headers["etag"])
    plans = first.json()["versions"]["plans"]
    assert changed.json() == {"versions": {**first.json()["versions"], "plans": plans + 1}}


async def test_a_person_sees_the_lists_of_their_own_accounts_only(rooms: Rooms) -> None:
    ada, browser = await rooms.person("ada")
    grace, others = await rooms.person("grace")
    async with rooms.database.write() as db:
        stripe = await remember_account(db, account_id="acct_1", mode="simulator")
        for user, account_id, number in ((ada, "ba_ada", 3), (grace, "ba_grace", 7)):
            now = user.created_at
            account = BillingAccount(
                id=account_id, user_id=user.id, stripe_account_id=stripe.id, created_at=now
            )
            version = ListVersion(kind="invoices", scope=account_id, number=number)
            db.add_all([account, version])

    assert (await numbers(browser))["invoices"] == 3
    assert (await numbers(others))["invoices"] == 7


async def test_nobody_learns_anything_by_naming_every_tag(rooms: Rooms) -> None:
    async with rooms.browser() as stranger:
        answer = await stranger.get(VERSIONS, headers={"if-none-match": "*"})

    assert answer.status_code == 401
