"""API keys: shown once, good for what they were made for, gone when they are revoked."""

from datetime import timedelta

from admit.accounts.api_keys.models import ApiKey
from admit.accounts.api_keys.service import MOST_KEYS
from admit.accounts.audit.models import SecurityEvent
from tests.accounts.house import Browser, House
from tests.accounts.tokens.program import AUTH, program, signed_in

PAGE = "/account/api-keys"


async def make(ada: Browser, *scopes: str, name: str = "Nightly export", days: str = "90") -> str:
    """The key, as the page shows it once."""
    answer = await ada.http.post(PAGE, data={"name": name, "scopes": [*scopes], "days": days})
    assert answer.status_code == 200
    return "adm_" + answer.text.partition('id="new-key">adm_')[2].partition("<")[0]


async def test_somebody_makes_a_key_on_the_page_uses_it_and_revokes_it(house: House) -> None:
    ada, script = await house.person(), program(house)

    key = await make(ada, "account:read")
    used = await script.status(key)
    shown = await ada.get(PAGE)
    row: ApiKey = (await house.rows(ApiKey))[0]
    revoked = await ada.post(f"{PAGE}/{row.id}/revoke")

    assert used == 200
    assert (key in shown.text, key[:12] in shown.text) == (False, True)
    assert "Nightly export" in shown.text
    assert "never used" not in shown.text
    assert row.last_used_at == house.clock.wall()
    assert (revoked.status_code, revoked.headers["location"]) == (303, PAGE)
    assert await script.status(key) == 401
    assert "There is none yet." in (await ada.get(PAGE)).text
    told = [mail.subject for mail in await house.mails("ada@example.com")][:2]
    assert told == ["An API key was revoked at Admit", "An API key was made at Admit"]
    noted = [(event.what, event.detail) for event in await house.rows(SecurityEvent)][-2:]
    assert noted == [("api_key_made", "Nightly export"), ("api_key_revoked", "Nightly export")]


async def test_a_key_opens_what_it_was_made_for_and_nothing_else(house: House) -> None:
    """S55 (ASVS 8.2.1): another scope, and whatever only who signed in may do, is refused."""
    ada, script = await house.person(), program(house)
    reads_access = {"authorization": f"Bearer {await make(ada, 'access:read')}"}
    reads_account = {"authorization": f"Bearer {await make(ada, 'account:read')}"}

    without_scope = await script.http.get(f"{AUTH}/me", headers=reads_access)
    answers = [
        await script.http.request(method, f"{AUTH}/{path}", json=asked, headers=reads_account)
        for method, path, asked in (
            ("GET", "sessions", None),
            ("DELETE", "sessions", None),
            ("GET", "api-keys", None),
            ("POST", "api-keys", {"name": "More", "scopes": ["access:read"]}),
            ("POST", "sign-out", None),
        )
    ]
    on_a_page = await script.http.get("/whoami", headers=reads_account)

    assert {answer.status_code for answer in (without_scope, *answers)} == {403}
    assert {answer.json()["code"] for answer in (without_scope, *answers)} == {"scope_needed"}
    assert on_a_page.json() is None


async def test_a_key_ends_when_it_was_said_to_and_only_its_owner_revokes_it(house: House) -> None:
    ada, eve, script = await house.person(), await house.person("eve@example.com"), program(house)
    short, lasting = (
        await make(ada, "account:read", days="30"),
        await make(ada, "account:read", days="0"),
    )
    ids = [row.id for row in await house.rows(ApiKey)]
    evil = await signed_in(house, "eve@example.com")

    foreign = [
        (await eve.post(f"{PAGE}/{ids[0]}/revoke")).status_code,
        (await evil.delete(f"api-keys/{ids[0]}")).status_code,
    ]
    house.clock.move(timedelta(days=30) - timedelta(seconds=1))
    before = (await script.status(short), await script.status(lasting))
    house.clock.move(timedelta(seconds=1))

    assert foreign == [404, 404]
    assert before == (200, 200)
    assert (await script.status(short), await script.status(lasting)) == (401, 200)


async def test_a_program_makes_lists_and_revokes_keys(house: House) -> None:
    await house.person()
    ada = await signed_in(house)

    made = await ada.post("api-keys", {"name": "Till", "scopes": ["account:read", "access:read"]})
    listed = (await ada.get("api-keys")).json()
    revoked = await ada.delete(f"api-keys/{made.json()['id']}")

    told = made.json()
    key = told.pop("key")
    assert (made.status_code, told["prefix"], len(key)) == (201, key[:12], 47)
    assert told["scopes"] == ["access:read", "account:read"]
    assert listed == {"data": [told], "has_more": False}
    assert (revoked.status_code, (await ada.get("api-keys")).json()["data"]) == (204, [])


async def test_s56_what_nobody_asked_for_is_refused_and_no_secret_is_told(house: House) -> None:
    """S56 (ASVS 15.3.3): fields beyond the described ones change nothing, and answers hold no
    hash."""
    browser = await house.person()
    ada = await signed_in(house)
    smuggled = {"is_admin": True, "role": "admin", "user_id": "usr_1", "verified_at": "2026-01-01"}
    wish = {"name": "Till", "scopes": ["account:read"]}

    refused = [
        await ada.post("api-keys", {**wish, **smuggled}),
        await ada.post("refresh", {"refresh_token": ada.refresh_token, **smuggled}),
        await program(house).sign_in(**dict.fromkeys(smuggled, "x")),
        await program(house).post(
            "sign-up",
            {
                "email": "eve@example.com",
                "password": "heron over the loud bridge",
                "first_name": "Eve",
                "last_name": "V",
                **smuggled,
            },
        ),
    ]
    on_the_page = await browser.http.post(
        PAGE, data={**wish, "days": "90", "token_hash": "0", "user_id": "usr_1"}
    )

    assert [answer.status_code for answer in refused] == [422] * 4
    for answer in refused:
        assert set(smuggled) <= set(answer.json()["errors"])
    assert on_the_page.status_code == 200
    key: ApiKey = (await house.rows(ApiKey))[0]
    told = (await ada.get("api-keys")).text + (await ada.get()).text
    assert [secret for secret in (key.token_hash, "$argon2", "hash") if secret in told] == []
    assert (await ada.get()).json()["features"] == []


async def test_a_form_that_lacks_something_comes_back_and_there_is_an_end(house: House) -> None:
    ada = await house.person()

    empty = await ada.http.post(PAGE, data={"name": " ", "days": "7"})
    unknown = await ada.http.post(PAGE, data={"name": "A" * 61, "scopes": "all", "days": "90"})
    program_says = await (await signed_in(house)).post("api-keys", {"name": "\t", "scopes": []})
    await house.execute(
        "INSERT INTO api_keys (id, user_id, name, token_hash, prefix, scopes, created_at) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) "
        "SELECT 'key_' || i, users.id, 'k', 'h' || i, 'adm_', '', users.created_at FROM n, users",
        most=MOST_KEYS,
    )
    full = await ada.http.post(PAGE, data={"name": "One", "scopes": "access:read", "days": "90"})

    assert [answer.status_code for answer in (empty, unknown, program_says, full)] == [422] * 4
    for sentence in ("Give the key a name", "Choose at least one thing", "Choose how long"):
        assert sentence in empty.text
    assert "at most 60 characters" in unknown.text
    assert f"You have {MOST_KEYS} keys, which is the most." in full.text
