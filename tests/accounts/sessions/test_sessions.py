"""Sessions: what a cookie is worth, and for how long."""

from datetime import timedelta

import pytest
from jinja2 import Environment
from sqlalchemy import func, select, text

from admit.accounts.service import prune
from admit.accounts.sessions.models import Session
from admit.core.crypto import hash_token, new_token
from tests.accounts.engines import ON_SQLITE
from tests.accounts.house import House, open_house


async def test_s28_every_sign_in_makes_a_new_session_and_ends_the_old_one(house: House) -> None:
    ada = await house.person()
    first = ada.cookies["session"]

    await ada.sign_in()

    second = ada.cookies["session"]
    (row,) = await house.rows(Session)
    assert first != second
    assert row.token_hash == hash_token(second)


async def test_s28_a_cookie_from_before_the_sign_in_is_worthless(house: House) -> None:
    planted = new_token()
    ada = house.browser()
    ada.http.cookies.set("session", planted, domain="127.0.0.1")
    await ada.sign_up()
    await ada.confirm()

    thief = house.browser()
    thief.http.cookies.set("session", planted, domain="127.0.0.1")

    assert await ada.whoami() is not None
    assert await thief.whoami() is None


async def test_s29_after_signing_out_the_old_cookie_opens_nothing(house: House) -> None:
    ada = await house.person()
    kept = ada.cookies["session"]

    await ada.post("/sign-out")

    thief = house.browser()
    thief.http.cookies.set("session", kept, domain="127.0.0.1")
    assert await thief.whoami() is None
    assert await house.rows(Session) == []


async def test_s31_an_idle_session_ends(house: House) -> None:
    ada = await house.person()
    house.clock.move(timedelta(days=14, seconds=1))

    assert await ada.whoami() is None


@ON_SQLITE
async def test_s31_half_an_hour_can_be_the_idle_end(
    database_url: str, templates: Environment
) -> None:
    async with open_house(database_url, templates, session_idle_minutes=30) as house:
        ada = await house.person()
        house.clock.move(timedelta(minutes=29))
        here = await ada.whoami()
        house.clock.move(timedelta(minutes=30))

        assert here is not None
        assert await ada.whoami() is None


async def test_s31_use_puts_off_the_idle_end_and_never_the_absolute_one(house: House) -> None:
    ada = await house.person()
    for _ in range(2):
        house.clock.move(timedelta(days=13))
        await ada.get("/verify")
    late = await ada.whoami()

    house.clock.move(timedelta(days=4, seconds=1))

    assert late is not None
    assert await ada.whoami() is None


async def test_being_here_is_noted_once_a_minute_and_after_the_page(house: House) -> None:
    ada = await house.person()
    (first,) = await house.rows(Session)
    await ada.get("/verify")
    (same,) = await house.rows(Session)
    house.clock.move(timedelta(minutes=1))
    await ada.get("/verify")

    (later,) = await house.rows(Session)
    assert same.last_seen_at == first.last_seen_at
    assert later.last_seen_at - first.last_seen_at >= timedelta(minutes=1)
    assert later.ends_at == first.ends_at


async def test_what_has_ended_is_pruned_and_the_rest_stays(house: House) -> None:
    await house.person("old@example.com")
    house.clock.move(timedelta(days=20))
    await house.person("new@example.com")

    async with house.database.write() as db:
        await prune(db, now=house.clock.wall())

    async with house.database.read() as db:
        left = await db.scalar(select(func.count()).select_from(Session))
    assert left == 1


async def test_a_session_keeps_where_it_was_opened(house: House) -> None:
    browser = house.browser("2001:db8::7", **{"user-agent": "Fox/1"})
    await browser.sign_up()
    await browser.confirm()

    (row,) = await house.rows(Session)
    assert (row.ip, row.user_agent, row.method) == ("2001:db8::7", "Fox/1", "code")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_page_is_shown_also_when_being_here_cannot_be_noted(
    database_url: str, templates: Environment
) -> None:
    """Somebody else writes to the file for longer than we wait."""
    async with open_house(database_url, templates, database_busy_seconds=0.1) as house:
        ada = await house.person()
        house.clock.move(timedelta(minutes=2))
        (before,) = await house.rows(Session)
        async with house.database.write() as db:
            await db.execute(text("UPDATE users SET first_name = 'Ada'"))
            page = await ada.get("/verify")
        (after,) = await house.rows(Session)

    assert page.headers["location"] == "/account"
    assert after.last_seen_at == before.last_seen_at
