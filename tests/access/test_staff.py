"""Staff opens something by hand and takes it back; the person and staff read why."""

import re
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from admit.access.models import GrantRow
from admit.accounts.models import Role, User
from admit.billing.customers.models import BillingAccount
from tests.access.holders import PREMIUM, holder
from tests.engines.simulators import Json
from tests.pages.rooms import Rooms
from tests.pages.test_pages import links_of, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAGE = "/admin/access"
ADA = {"email": "ada@example.com"}


async def staff_and_ada(rooms: Rooms) -> tuple[User, httpx2.AsyncClient, httpx2.AsyncClient]:
    """Grace of the staff with her browser, and Ada's; at addresses that a mail could reach."""
    grace, desk = await rooms.person("grace")
    ada, browser = await rooms.person("ada")
    await lives_at_an_address(rooms, grace, role=Role.staff)
    await lives_at_an_address(rooms, ada)
    return grace, desk, browser


async def lives_at_an_address(rooms: Rooms, user: User, *, role: Role = Role.member) -> None:
    async with rooms.database.write() as db:
        row = await db.get_one(User, user.id)
        row.email = row.email_key = f"{user.first_name.lower()}@example.com"
        row.role = role


async def grants(rooms: Rooms) -> list[GrantRow]:
    async with rooms.database.read() as db:
        return list(await db.scalars(select(GrantRow).order_by(GrantRow.id)))


async def test_staff_opens_by_hand_sees_why_and_takes_it_back(rooms: Rooms) -> None:
    grace, desk, ada = await staff_and_ada(rooms)
    last_day = (rooms.wiring.parts.clock.business() + timedelta(days=30)).date()
    asked = {**ADA, "feature": "premium", "last_day": str(last_day), "limit": "5"}

    granted = await desk.post(f"{PAGE}/grants", data={**asked, "reason": "A fair."})
    opened = (await ada.get(PREMIUM)).json()
    mine, seen = await ada.get("/account/access"), await desk.get(PAGE, params=ADA)
    (row,) = await grants(rooms)
    revoked = await desk.post(
        f"{PAGE}/grants/{row.id}/revoke", data={**ADA, "reason": "It was over sooner."}
    )
    again = await desk.post(f"{PAGE}/grants/{row.id}/revoke", data={**ADA, "reason": "Twice."})
    after, history = await ada.get("/account/access"), await desk.get(PAGE, params=ADA)

    assert (granted.status_code, granted.headers["location"]) == (
        303,
        "/admin/access?email=ada%40example.com",
    )
    end = f"{last_day + timedelta(days=1)}T00:00:00Z"
    assert (opened["allowed"], opened["limit"], opened["until"]) == (True, 5, end)
    assert (row.granted_by, row.reason) == (grace.id, "A fair.")
    assert "The reason: A fair." in words_of(mine)
    assert "up to 5" in words_of(mine)
    assert "grace@example.com" not in words_of(mine)
    assert "grace@example.com" in words_of(seen)
    assert (revoked.status_code, again.status_code) == (303, 404)
    assert (await ada.get(PREMIUM)).json()["allowed"] is False
    assert "That ended on" in words_of(after)
    assert "It was over sooner" in words_of(after)
    assert "ended: It was over sooner" in words_of(history)
    assert (await grants(rooms))[0].revoked_by == grace.id


async def test_a_form_that_lacks_something_says_what_and_changes_nothing(rooms: Rooms) -> None:
    _, desk, _ = await staff_and_ada(rooms)
    good = {**ADA, "feature": "premium", "last_day": "", "limit": "", "reason": "A fair."}

    for field, typed, sentence in (
        ("email", "nobody@example.com", "Nobody has an account with this address."),
        ("feature", "", "Choose what to open."),
        ("feature", "gold", "There is no feature of that name."),
        ("last_day", "2020-01-01", "That day is past."),
        ("last_day", "soon", "Write the day as 2026-12-31, or leave it empty."),
        ("last_day", "9999-12-31", "Write the day as 2026-12-31, or leave it empty."),
        ("limit", "0", "Enter a whole number above zero, or nothing for no limit."),
        ("limit", "-3", "Enter a whole number above zero, or nothing for no limit."),
        ("limit", "1" * 30, "Enter a whole number above zero, or nothing for no limit."),
        ("reason", " ", "Say why, so that others understand it later."),
        ("reason", "x" * 501, "Say it in at most 500 characters."),
    ):
        answer = await desk.post(f"{PAGE}/grants", data={**good, field: typed})
        assert (field, answer.status_code) == (field, 422)
        assert sentence in words_of(answer)
    elsewhen = await desk.get(PAGE, params={**ADA, "at": "2999-01-01"})

    assert elsewhen.status_code == 422
    assert "That moment has not come yet." in words_of(elsewhen)
    assert await grants(rooms) == []


async def test_staff_does_the_same_over_the_api_and_asks_about_the_past(rooms: Rooms) -> None:
    staff = await holder(rooms, "grace")
    ada, _ = await rooms.person("ada")
    await lives_at_an_address(rooms, staff.user, role=Role.staff)
    await lives_at_an_address(rooms, ada)
    staff.client.headers["authorization"] = f"Bearer {staff.token}"
    before = rooms.wiring.parts.clock.business()
    api = "/api/v1/admin"

    async def explained(**asked: str) -> Json:
        answer = await staff.client.get(f"{api}/access", params={**ADA, **asked})
        assert answer.json()["user_id"] == ada.id
        (premium,) = [each for each in answer.json()["data"] if each["feature"] == "premium"]
        return Json(premium)

    granted = await staff.client.post(
        f"{api}/grants", json={**ADA, "feature": "premium", "reason": "A fair.", "limit": 2}
    )
    opened = await explained()
    then = await explained(at=before.isoformat())
    path = f"{api}/grants/{granted.json()['id']}/revocation"
    revoked = await staff.client.post(path, json={"reason": "Over."})
    wrong: list[httpx2.Response] = [
        await staff.client.post(path, json={"reason": "Over."}),
        await staff.client.post(f"{api}/grants", json={**ADA, "feature": "x", "reason": "Why."}),
        await staff.client.post(
            f"{api}/grants",
            json={**ADA, "feature": "premium", "reason": " ", "ends_at": "2020-01-01T00:00:00Z"},
        ),
        await staff.client.get(f"{api}/access", params={**ADA, "at": "yesterday"}),
    ]

    assert (granted.status_code, revoked.status_code) == (201, 204)
    assert (opened["allowed"], opened["limit"]) == (True, 2)
    assert [link["kind"] for link in opened["rests_on"]] == ["staff", "reason"]
    assert (then["allowed"], then["grants"]) == (False, [])
    assert (await explained())["reason"] == "revoked"
    assert [answer.status_code for answer in wrong] == [404, 422, 422, 422]
    assert wrong[1].json()["errors"] == {"feature": "There is no feature of that name."}
    assert set(wrong[2].json()["errors"]) == {"reason", "ends_at"}
    assert set(wrong[3].json()["errors"]) == {"at"}


async def test_s4_10_a_person_without_any_customer_sees_what_is_open_while_stripe_is_away(
    rooms: Rooms,
) -> None:
    """S4-10, S4-11: nobody answers at Stripe's address here, and there is no customer."""
    _, browser = await rooms.person("ada")

    stranger = await rooms.browser().get("/account/access")
    shown = await browser.get("/account/access")
    past = await browser.get("/account/access", params={"at": "2020-01-01T00:00"})
    future = await browser.get("/account/access", params={"at": "2999-01-01"})

    async with rooms.database.read() as db:
        assert (await db.scalars(select(BillingAccount))).all() == []
    assert (stranger.status_code, shown.status_code) == (303, 200)
    words = words_of(shown)
    assert re.search(r"Community Open Without an end", words)
    assert re.search(r"Premium area Never opened", words)
    assert "It is open to everybody with a confirmed address." in words
    assert "/account/access" in links_of(shown)
    assert (past.status_code, future.status_code) == (200, 422)
    assert "Without an end" not in words_of(past)
    assert "That moment has not come yet." in words_of(future)
