"""`/api/v1/access` for programs: with an access token or an API key, before the framework."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from sqlalchemy import delete, select

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.models import User
from admit.accounts.sessions.models import Session, SessionKind
from admit.accounts.tokens.access_tokens import Realm
from admit.accounts.tokens.service import access_token
from admit.core.crypto import hash_token, new_token
from admit.core.ids import new_id
from tests.access.people import add_session
from tests.pages.rooms import ORIGIN, Rooms

ALL = "/api/v1/access"
PREMIUM = f"{ALL}/premium"


@dataclass(frozen=True)
class Holder:
    user: User
    session_id: str
    token: str
    client: httpx2.AsyncClient

    async def status(self, token: str | None = None, path: str = PREMIUM) -> int:
        return (await self.ask(token, path)).status_code

    async def ask(self, token: str | None = None, path: str = PREMIUM) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token or self.token}"}
        return await self.client.get(path, headers=headers)


async def holder(rooms: Rooms, name: str = "ada") -> Holder:
    """Somebody with an access token and without any cookie."""
    now = datetime.now(UTC)
    user, _ = await rooms.person(name)
    async with rooms.database.write() as db:
        token_hash = hash_token(await add_session(db, user, now=now))
        session = await db.scalar(select(Session).where(Session.token_hash == token_hash))
        assert session is not None
        session.kind = SessionKind.api
        token = await access_token(
            db, rooms.wiring.parts.vault, session, realm=Realm(ORIGIN), now=now
        )
    return Holder(user, session.id, token, rooms.browser())


async def add_key(rooms: Rooms, user: User, scopes: str, *, ends_at: datetime | None = None) -> str:
    token = f"adm_{new_token()}"
    async with rooms.database.write() as db:
        db.add(
            ApiKey(
                id=new_id("key"),
                user_id=user.id,
                name="Test",
                token_hash=hash_token(token),
                prefix=token[:12],
                scopes=scopes,
                created_at=datetime.now(UTC),
                ends_at=ends_at,
            )
        )
    return token


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
