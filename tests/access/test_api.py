"""`/api/v1/access` over HTTP: what it says, how soon it forgets, and how it refuses."""

from datetime import UTC, datetime, timedelta

import httpx2
from sqlalchemy import delete, update

from admit.access.service import revoke
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.crypto import hash_token
from admit.core.db import Database
from tests.access.people import add_session
from tests.pages.rooms import Rooms

ALL = "/api/v1/access"
PREMIUM = "/api/v1/access/premium"
CLOSED = {"allowed": False, "reason": "never_granted", "until": None, "limit": 0}
OPEN = {"allowed": True, "reason": "granted", "until": None, "limit": None}


async def answer(browser: httpx2.AsyncClient, path: str = PREMIUM) -> tuple[int, bool | None]:
    response = await browser.get(path)
    return response.status_code, response.json().get("allowed")


async def test_a_person_sees_every_feature_and_what_is_open(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    await rooms.open(ada, "premium", until=datetime(2100, 1, 1, tzinfo=UTC), limit=5)

    response = await browser.get(ALL)

    assert response.status_code == 200
    assert response.json() == {
        "features": {
            "community": OPEN,
            "premium": {**OPEN, "until": "2100-01-01T00:00:00Z", "limit": 5},
            "exports": CLOSED,
            "projects": CLOSED,
            "priority-support": CLOSED,
        },
        "level": 0,
        "version": 1,
    }


async def test_one_feature_is_answered_alone(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    assert (await browser.get("/api/v1/access/community")).json() == {
        **OPEN,
        "feature": "community",
    }
    assert (await browser.get(PREMIUM)).json() == {**CLOSED, "feature": "premium"}


async def test_the_fixed_headers_stand_on_warm_and_cold_answers_alike(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    cold, warm = await browser.get(PREMIUM), await browser.get(PREMIUM)
    named = await browser.get(PREMIUM, headers={"x-request-id": "check-0001"})
    forged = await browser.get(PREMIUM, headers={"x-request-id": "a b"})
    refused = await rooms.browser().get(PREMIUM)

    for response in (cold, warm, named, forged, refused):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
    assert cold.headers["content-type"] == warm.headers["content-type"] == "application/json"
    assert cold.content == warm.content
    assert named.headers["x-request-id"] == "check-0001"
    ids = {response.headers["x-request-id"] for response in (cold, warm, forged, refused)}
    assert len(ids) == 4
    assert refused.json()["request_id"] == refused.headers["x-request-id"]


async def test_a_client_that_holds_the_answer_is_not_sent_it_again(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    first = await browser.get(PREMIUM)
    tag = first.headers["etag"]

    held = [
        await browser.get(PREMIUM, headers={"if-none-match": shown})
        for shown in (tag, f"W/{tag}", f'"other", {tag}', "*")
    ]
    other = await browser.get(PREMIUM, headers={"if-none-match": '"1-0"'})
    await rooms.open(ada, "exports", limit=2)
    same, all_of_it = [
        await browser.get(path, headers={"if-none-match": tag}) for path in (PREMIUM, ALL)
    ]

    assert [(answer.status_code, answer.content) for answer in held] == [(304, b"")] * 4
    for answer in held:
        assert (answer.headers["etag"], "content-length" in answer.headers) == (tag, False)
        assert answer.headers["cache-control"] == "no-store"
    assert (other.status_code, other.headers["etag"]) == (200, tag)
    assert same.status_code == all_of_it.status_code == 200
    assert len({tag, same.headers["etag"], all_of_it.headers["etag"]}) == 3


async def test_code_in_this_process_asks_memory_and_hears_of_a_change_at_once(
    rooms: Rooms,
) -> None:
    ada, browser = await rooms.person()
    asking = rooms.asking
    assert asking.known(ada.id, "premium") is None

    before = await asking.may(ada.id, "premium")
    grant_id = await rooms.open(ada, "premium", limit=3)
    forgotten = asking.known(ada.id, "premium")
    during = await asking.may(ada.id, "premium")
    async with rooms.database.write() as db:
        await revoke(db, grant_id=grant_id, reason="Over.", now=rooms.wiring.parts.clock.business())
    after = await asking.may(ada.id, "premium")

    assert (before.allowed, forgotten) == (False, None)
    assert (during.allowed, during.limit) == (True, 3)
    assert (after.allowed, after.reason) == (False, "revoked")
    assert asking.known(ada.id, "premium") == after
    assert not (await asking.may(ada.id, "no-such")).allowed
    assert not (await asking.may("usr_nobody", "community")).allowed
    assert await answer(browser) == (200, False)


async def test_head_is_get_without_the_body(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    for _ in ("cold", "warm"):
        response = await browser.head(PREMIUM)
        assert (response.status_code, response.content) == (200, b"")
        assert int(response.headers["content-length"]) > 0


async def test_who_is_signed_out_is_told_so(rooms: Rooms) -> None:
    for browser in (rooms.browser(), rooms.browser("no-such-token")):
        response = await browser.get(PREMIUM)

        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "sign_in_needed"


async def test_an_unknown_feature_is_not_found(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    for path in ("/api/v1/access/gold", "/api/v1/access/premium/more", "/api/v1/access/%00"):
        response = await browser.get(path)

        assert response.status_code == 404
        assert response.json()["code"] == "unknown_feature"


async def test_other_methods_are_refused(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        response = await browser.request(method, PREMIUM)

        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD"
        assert response.json()["code"] == "method_not_allowed"


async def test_a_trailing_slash_leads_to_the_one_address(rooms: Rooms) -> None:
    _, browser = await rooms.person()

    assert (await browser.get(f"{ALL}/?x=1")).headers["location"] == f"{ALL}?x=1"
    response = await browser.get(f"{PREMIUM}/")

    assert (response.status_code, response.headers["location"]) == (308, PREMIUM)
    assert response.headers["cache-control"] == "no-store"


async def test_a_grant_and_its_revocation_are_honoured_at_once(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    before = await answer(browser)

    grant_id = await rooms.open(ada, "premium")
    granted = await answer(browser)
    async with rooms.database.write() as db:
        await revoke(db, grant_id=grant_id, reason="Over.", now=rooms.wiring.parts.clock.business())

    assert (before, granted) == ((200, False), (200, True))
    assert await answer(browser) == (200, False)


async def test_what_was_undone_changes_no_answer(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    await answer(browser)

    async with rooms.database.write() as db:
        user = await db.get_one(User, ada.id)
        user.is_active = False
        await db.flush()
        await db.rollback()

    assert await answer(browser) == (200, False)


async def test_sign_out_ends_that_session_only_and_at_once(rooms: Rooms) -> None:
    ada, phone = await rooms.person()
    async with rooms.database.write() as db:
        laptop = rooms.browser(await add_session(db, ada, now=datetime.now(UTC)))
    both = [await answer(phone), await answer(laptop)]

    async with rooms.database.write() as db:
        token_hash = hash_token(phone.cookies["session"])
        await db.execute(delete(Session).where(Session.token_hash == token_hash))

    assert both == [(200, False), (200, False)]
    assert [await answer(laptop), await answer(phone)] == [(200, False), (401, None)]


async def test_deactivation_is_honoured_at_once(rooms: Rooms) -> None:
    for name, by_statement in (("ada", True), ("bob", False)):
        user, browser = await rooms.person(name)
        before = await answer(browser)

        async with rooms.database.write() as db:
            if by_statement:
                await db.execute(update(User).where(User.id == user.id).values(is_active=False))
            else:
                (await db.get_one(User, user.id)).is_active = False

        assert (before, await answer(browser)) == ((200, False), (401, None))


async def test_what_another_process_revokes_is_honoured_within_two_seconds(rooms: Rooms) -> None:
    clock = rooms.wiring.parts.clock
    ada, browser = await rooms.person()
    await rooms.open(ada, "premium")
    await answer(browser)

    elsewhere = Database(rooms.database.url)
    async with elsewhere.write() as db:
        await db.execute(update(User).where(User.id == ada.id).values(is_active=False))
    await elsewhere.close()

    began = clock.monotonic()
    while (await browser.get(PREMIUM)).status_code == 200:
        assert clock.monotonic() - began < 2.5


async def test_business_time_ends_a_grant_without_any_commit(rooms: Rooms) -> None:
    clock = rooms.wiring.parts.clock
    ada, browser = await rooms.person()
    await rooms.open(ada, "premium", until=clock.business() + timedelta(days=1))
    before = await answer(browser)

    clock.offset = timedelta(days=1)

    response = await browser.get(PREMIUM)
    assert before == (200, True)
    assert (response.json()["allowed"], response.json()["reason"]) == (False, "expired")


async def test_a_database_that_fails_opens_nothing(rooms: Rooms) -> None:
    _, browser = await rooms.person()
    async with rooms.database.write() as db:
        connection = await db.connection()
        await connection.exec_driver_sql("ALTER TABLE users RENAME TO people")

    response = await browser.get(PREMIUM)

    assert response.status_code in {500, 503}
    assert response.headers["content-type"] == "application/problem+json"
    assert "allowed" not in response.json()


async def test_the_described_endpoints_say_the_same(rooms: Rooms) -> None:
    ada, browser = await rooms.person()
    await rooms.open(ada, "premium")
    behind = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=rooms.app.app),
        base_url="http://127.0.0.1:8000",
        cookies=browser.cookies,
    )

    async with behind:
        for path in (ALL, PREMIUM, "/api/v1/access/gold"):
            hot, described = await browser.get(path), await behind.get(path)
            assert hot.status_code == described.status_code
            assert hot.headers.get("etag") == described.headers.get("etag")
            assert without_ids(hot) == without_ids(described)


def without_ids(response: httpx2.Response) -> dict[str, object]:
    return {name: value for name, value in response.json().items() if name != "request_id"}
