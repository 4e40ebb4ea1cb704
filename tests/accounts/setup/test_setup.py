"""S23: nobody is there at first; whoever runs the server makes the first administrator."""

import asyncio
from datetime import timedelta

import pytest

from admit.accounts.errors import EmailTaken
from admit.accounts.models import User
from admit.accounts.setup.service import create_admin, make_setup_link
from admit.core.errors import InvalidInput
from tests.accounts.house import PASSWORD, Browser, House

ADMIN = {"first_name": "Grace", "last_name": "Hopper", "password": PASSWORD}


async def setup_link(house: House) -> str:
    async with house.database.write() as db:
        token = await make_setup_link(db, house.clock.wall())
    assert token is not None
    return f"/setup/{token}"


async def set_up(browser: Browser, link: str, email: str = "grace@example.com") -> int:
    return (await browser.post(link, email=email, **ADMIN)).status_code


async def test_s23_a_fresh_install_has_nobody(house: House) -> None:
    assert await house.rows(User) == []


async def test_s23_the_link_makes_an_administrator_once_and_signs_in(house: House) -> None:
    grace, late = house.browser(), house.browser()
    link = await setup_link(house)

    page = await grace.get(link)
    made = await grace.post(link, email="grace@example.com", **ADMIN)
    again = await late.post(link, email="mallory@example.com", **ADMIN)

    assert (page.status_code, page.headers["referrer-policy"]) == (200, "strict-origin")
    assert (made.status_code, made.headers["location"]) == (303, "/account")
    assert await grace.whoami() == {"email": "grace@example.com", "verified": True, "admin": True}
    assert (again.status_code, (await late.get(link)).status_code) == (410, 410)
    assert len(await house.rows(User)) == 1


async def test_s23_once_there_is_an_administrator_no_link_is_made(house: House) -> None:
    await set_up(house.browser(), await setup_link(house))

    async with house.database.write() as db:
        assert await make_setup_link(db, house.clock.wall()) is None


async def test_s23_only_the_newest_link_works_and_for_a_day(house: House) -> None:
    older = await setup_link(house)
    newer = await setup_link(house)

    assert await set_up(house.browser(), older) == 410
    house.clock.move(timedelta(days=1))
    assert await set_up(house.browser(), newer) == 410
    assert await house.rows(User) == []


async def test_s14_of_16_uses_at_once_exactly_one_makes_an_administrator(house: House) -> None:
    link = await setup_link(house)

    statuses = await asyncio.gather(
        *(set_up(house.browser(), link, f"g{i}@example.com") for i in range(16))
    )

    assert sorted(statuses) == [303] + [410] * 15
    assert len(await house.rows(User)) == 1


async def test_a_mistake_in_the_form_leaves_the_link_usable(house: House) -> None:
    await house.person("ada@example.com")
    link = await setup_link(house)

    weak = await house.browser().post(link, **{**ADMIN, "password": "short"}, email="g@example.com")
    taken = await house.browser().post(link, email="ADA@example.com", **ADMIN)

    assert (weak.status_code, "Use at least 15 characters." in weak.text) == (422, True)
    assert (taken.status_code, "already has an account" in taken.text) == (422, True)
    assert await set_up(house.browser(), link) == 303


async def test_the_terminal_makes_administrators_by_the_same_rules(house: House) -> None:
    async def create(email: str, password: str = PASSWORD) -> User:
        async with house.database.write() as db:
            return await create_admin(
                db,
                house.passwords,
                house.parts.settings,
                email=email,
                first_name="Grace",
                last_name="Hopper",
                password=password,
                now=house.clock.wall(),
            )

    made = await create("grace@example.com")

    assert (made.role, made.is_verified) == ("admin", True)
    with pytest.raises(EmailTaken):
        await create("GRACE@example.com")
    with pytest.raises(InvalidInput) as weak:
        await create("other@example.com", "short")
    assert set(weak.value.errors) == {"password"}
    assert (await house.browser().sign_in("grace@example.com")).headers["location"] == "/account"
