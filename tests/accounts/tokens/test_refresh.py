"""Refresh tokens: one use each, ten seconds for a lost answer, and the end of a copied one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.sessions.models import Session
from admit.accounts.tokens.access_tokens import LEEWAY, LIFE
from admit.accounts.tokens.keys import KEPT_AFTER_RETIREMENT
from admit.accounts.tokens.models import RefreshToken
from admit.accounts.tokens.refresh import GRACE, KEPT_AFTER_END
from admit.accounts.tokens.service import prune
from tests.accounts.house import House
from tests.accounts.tokens.program import program, signed_in

SECOND = timedelta(seconds=1)


async def test_s29_after_signing_out_both_tokens_are_refused_at_once(house: House) -> None:
    """S29 (ASVS 7.4.1): the access token is refused on the next request, the refresh token too."""
    browser = await house.person()
    ada, phone = await signed_in(house), await signed_in(house)
    access, refresh = ada.access, ada.refresh_token

    out = await ada.post("sign-out")

    assert (out.status_code, out.content) == (204, b"")
    assert await ada.status(access) == 401
    refused = await program(house).refresh(refresh)
    assert (refused.status_code, refused.json()["code"]) == (401, "refresh_refused")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert (await phone.status(), await browser.whoami() is not None) == (200, True)


async def test_s30_who_is_deactivated_is_refused_within_one_request(house: House) -> None:
    """S30 (ASVS 7.4.2): access, refresh and API keys die with the account."""
    await house.person()
    ada = await signed_in(house)
    made = await ada.post("api-keys", {"name": "Export", "scopes": ["account:read"]})
    key = made.json()["key"]
    before = (await ada.status(), await ada.status(key))

    await house.execute("UPDATE users SET is_active = :no", no=False)

    assert before == (200, 200)
    assert (await ada.status(), await ada.status(key)) == (401, 401)
    assert (await ada.refresh()).status_code == 401
    assert (await program(house).sign_in()).status_code == 401


async def test_s31_refreshing_puts_off_the_idle_end_and_never_the_absolute_one(
    house: House,
) -> None:
    """S31 (ASVS 7.3.1, 7.3.2): 14 idle days, 30 days in all, however often it is renewed."""
    await house.person()
    ada, idle = await signed_in(house), await signed_in(house)
    began = house.clock.wall()
    absolute = {session.ends_at for session in await house.rows(Session)}

    renewals = []
    for _ in range(2):
        house.clock.move(timedelta(days=13))
        renewals.append((await ada.refresh()).status_code)
    forgotten = await idle.refresh()
    ends = [token.ends_at for token in await house.rows(RefreshToken)]
    house.clock.move(timedelta(days=4) - SECOND)
    last = await ada.refresh()
    house.clock.move(SECOND)

    assert (renewals, forgotten.status_code, last.status_code) == ([200, 200], 401, 200)
    assert absolute == {began + timedelta(days=30)}
    assert max(ends) == began + timedelta(days=30)
    assert (await ada.refresh()).status_code == 401
    assert await ada.status() == 401


async def test_s32_a_copied_token_ends_the_session_with_all_its_tokens(house: House) -> None:
    """S32 (RFC 9700 2.2.2): also the newest; a row of the history and a mail say so."""
    await house.person()
    ada, phone = await signed_in(house), await signed_in(house)
    stolen = ada.refresh_token
    await ada.refresh()
    await ada.refresh()
    newest, access = ada.refresh_token, ada.access
    house.clock.move(GRACE)

    thief = await program(house).refresh(stolen)

    assert (thief.status_code, thief.json()["code"]) == (401, "refresh_refused")
    assert (await program(house).refresh(newest)).status_code == 401
    assert (await ada.status(access), await phone.status()) == (401, 200)
    events = {event.what: event for event in await house.rows(SecurityEvent)}
    assert events["refresh_token_reused"].user_id == events["signed_in"].user_id
    mail = await house.newest_mail("ada@example.com")
    assert mail.subject == "An app was signed out to keep you safe at Admit"


async def test_s33_a_lost_answer_is_asked_for_again_and_gives_the_same_successor(
    house: House,
) -> None:
    """S33: within ten seconds the token before the newest; the one before that never."""
    await house.person()
    ada = await signed_in(house)
    first = ada.refresh_token
    second = (await ada.refresh(first)).json()["refresh_token"]
    house.clock.move(GRACE - SECOND)

    again = await ada.refresh(first)
    third = await ada.refresh(second)
    grandparent = await ada.refresh(first)

    assert (again.status_code, again.json()["refresh_token"]) == (200, second)
    assert (third.status_code, grandparent.status_code) == (200, 401)
    assert (await ada.refresh(third.json()["refresh_token"])).status_code == 401


async def test_s35_refreshing_is_no_proof_of_who_somebody_is(house: House) -> None:
    """S35 (ASVS 7.5.1): what is sensitive asks again after five minutes, refreshed or not."""
    await house.person()
    ada = await signed_in(house)
    wish = {"name": "Export", "scopes": ["access:read"]}
    house.clock.move(timedelta(minutes=5) + SECOND)
    await ada.refresh()

    refused = await ada.post("api-keys", wish)
    await ada.sign_in()

    assert (refused.status_code, refused.json()["code"]) == (403, "reauth_required")
    assert (await ada.post("api-keys", wish)).status_code == 201


async def test_the_refresh_token_travels_in_a_cookie_that_only_the_server_reads(
    house: House,
) -> None:
    await house.person()
    spa = program(house)

    came = await spa.sign_in(refresh_token_in="cookie")
    renewed = await spa.post("refresh")
    left = await spa.post("sign-out")

    cookies = [cookie for cookie in came.headers.get_list("set-cookie") if "refresh=" in cookie]
    assert [part in cookies[0] for part in ("HttpOnly", "SameSite=lax", "Path=/")] == [True] * 3
    assert (came.json()["refresh_token"], renewed.json()["refresh_token"]) == (None, None)
    assert (renewed.status_code, left.status_code) == (200, 204)
    assert renewed.headers["cache-control"] == "no-store"
    assert "refresh=" not in str(spa.http.cookies)
    assert (await spa.post("refresh")).status_code == 401


async def test_s17_no_token_of_a_program_is_in_the_database(house: House) -> None:
    """S17 (ASVS 6.5.2): only hashes; the successor of a token is made again, never kept."""
    await house.person()
    ada = await signed_in(house)
    tokens = [ada.refresh_token, ada.access]
    await ada.refresh()
    made = await ada.post("api-keys", {"name": "Export", "scopes": ["access:read"]})
    tokens += [ada.refresh_token, ada.access, made.json()["key"]]

    dump = await house.dump()

    assert [token for token in tokens if token in dump] == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s40_a_used_token_is_remembered_longer_than_it_could_be_taken(house: House) -> None:
    """S40: what recognises a replay outlives the token."""
    await house.person()
    ada = await signed_in(house)
    await ada.refresh()
    ends_at = (await house.rows(RefreshToken))[0].ends_at

    async with house.database.write() as db:
        await prune(db, now=ends_at + KEPT_AFTER_END - SECOND)
    kept = len(await house.rows(RefreshToken))
    async with house.database.write() as db:
        await prune(db, now=ends_at + KEPT_AFTER_END)

    assert (kept, len(await house.rows(RefreshToken))) == (2, 0)


@given(
    retired_before_expiry=st.timedeltas(timedelta(), LIFE),
    now_after_expiry=st.timedeltas(-LIFE, timedelta(days=2)),
)
def test_s40_a_key_outlives_every_token_that_it_signed(
    retired_before_expiry: timedelta, now_after_expiry: timedelta
) -> None:
    """S40: a token is signed before its key retires; it is taken until its end and the leeway."""
    is_taken = now_after_expiry < LEEWAY
    key_is_kept = now_after_expiry + retired_before_expiry < KEPT_AFTER_RETIREMENT

    assert key_is_kept or not is_taken
