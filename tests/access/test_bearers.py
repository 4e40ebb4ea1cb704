"""`/api/v1/access` for programs: with an access token or an API key, before the framework."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from tests.access.holders import ALL, PREMIUM, add_key, holder
from tests.pages.rooms import Rooms


async def test_a_program_asks_with_its_token_or_with_a_key_warm_and_cold(rooms: Rooms) -> None:
    ada = await holder(rooms)
    await rooms.open(ada.user, "premium")
    key = await add_key(rooms, ada.user, "access:read account:read")

    answers = [await ada.ask(token, path) for token in (ada.token, key) * 2 for path in (PREMIUM,)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.content for answer in answers} == {
        b'{"allowed":true,"reason":"granted","until":null,"limit":null,"feature":"premium"}'
    }
    assert (await ada.ask(path=ALL)).json()["version"] == 1


async def test_s29_a_token_ends_with_its_session_and_at_once(rooms: Rooms) -> None:
    """S29 (ASVS 7.4.1), on the hot road: what was remembered is forgotten by the commit."""
    ada, eve = await holder(rooms), await holder(rooms, "eve")
    before = [await ada.status(), await eve.status()]

    async with rooms.database.write() as db:
        ended = delete(Session).where(Session.id == ada.session_id)
        await db.execute(ended.where(Session.user_id == ada.user.id))

    assert (before, [await ada.status(), await eve.status()]) == ([200, 200], [401, 200])


async def test_s30_a_key_ends_when_it_is_revoked_and_with_its_account(rooms: Rooms) -> None:
    """S30 (ASVS 7.4.2)."""
    ada, eve = await holder(rooms), await holder(rooms, "eve")
    keys = [await add_key(rooms, person.user, "access:read") for person in (ada, eve)]
    before = [await ada.status(keys[0]), await eve.status(keys[1])]

    async with rooms.database.write() as db:
        await db.execute(delete(ApiKey).where(ApiKey.user_id == ada.user.id))
        (await db.get_one(User, eve.user.id)).is_active = False

    assert before == [200, 200]
    assert [await ada.status(keys[0]), await ada.status()] == [401, 200]
    assert [await eve.status(keys[1]), await eve.status()] == [401, 401]


async def test_a_key_ends_at_its_moment_and_needs_the_scope(rooms: Rooms) -> None:
    ada = await holder(rooms)
    soon = datetime.now(UTC) + timedelta(seconds=0.4)
    short = await add_key(rooms, ada.user, "access:read", ends_at=soon)
    other = await add_key(rooms, ada.user, "account:read")
    before, refused = await ada.status(short), await ada.ask(other)

    while datetime.now(UTC) < soon:
        await ada.status()

    assert (before, await ada.status(short)) == (200, 401)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_needed")
    assert await ada.status(other) == 403


async def test_whoever_sends_a_token_is_asked_for_nothing_else(rooms: Rooms) -> None:
    """S38: a cookie beside a bad token opens nothing, and neither works in place of the other."""
    ada = await holder(rooms)
    _, browser = await rooms.person("eve")
    cookie = browser.cookies["session"]
    await ada.status()

    shown = {
        "a bad token and a good cookie": await browser.get(
            PREMIUM, headers={"authorization": "Bearer nonsense"}
        ),
        "another scheme": await browser.get(PREMIUM, headers={"authorization": "Basic YTpi"}),
        "nothing after the scheme": await browser.get(
            PREMIUM, headers={"authorization": "Bearer "}
        ),
        "a cookie as a token": await ada.ask(cookie),
        "a token as a cookie": await rooms.browser(ada.token).get(PREMIUM),
    }

    assert {name: answer.status_code for name, answer in shown.items()} == dict.fromkeys(shown, 401)
    for answer in shown.values():
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await browser.get(PREMIUM)).status_code == 200


async def test_the_use_of_a_key_is_noted_once_a_minute(rooms: Rooms) -> None:
    ada = await holder(rooms)
    key = await add_key(rooms, ada.user, "access:read")
    used = None
    while used is None:
        assert await ada.status(key) == 200
        async with rooms.database.read() as db:
            used = await db.scalar(select(ApiKey.last_used_at))

    assert abs(used - datetime.now(UTC)) < timedelta(minutes=1)
