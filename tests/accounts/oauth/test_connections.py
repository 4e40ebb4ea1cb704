"""Connecting an account elsewhere, and taking it off again."""

import asyncio
from datetime import timedelta

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from tests.accounts.house import House
from tests.accounts.oauth.travel import allow, comes_from, connects
from tests.accounts.settled import settled
from tests.engines.provider import Someone, StandIn

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PAGE = "/account/security/connections"


async def test_s26_a_person_connects_google_and_is_told_by_mail_and_takes_it_off_again(
    house: House, provider: StandIn
) -> None:
    """S26: both changes are told; the provider's address may be another than the account's."""
    ada = await settled(house)
    provider.someone = Someone(email="ada.private@example.com")

    connected = await connects(ada)
    page = await ada.get(PAGE)
    told = await house.newest_mail("ada@example.com")
    later = house.browser()
    await comes_from(later)
    removed = await ada.post(f"{PAGE}/google/disconnect")
    told_again = await house.newest_mail("ada@example.com")
    stranger = house.browser()
    await comes_from(stranger)

    assert (connected.status_code, connected.headers["location"]) == (303, PAGE)
    assert "ada.private@example.com" in page.text
    assert "Google (ada.private@example.com)" in told.text
    assert (await later.whoami() or {})["email"] == "ada@example.com"
    assert (removed.status_code, "disconnected" in told_again.text) == (303, True)
    assert (await stranger.whoami() or {})["email"] == "ada.private@example.com"
    what = [e.what for e in await house.rows(SecurityEvent) if e.what.startswith("provider_")]
    assert sorted(what) == ["provider_linked", "provider_unlinked"]


@ON_SQLITE
async def test_connecting_twice_changes_nothing(house: House) -> None:
    ada = await settled(house)
    await connects(ada)
    mails = len(await house.mails())

    again = await connects(ada)

    assert (again.status_code, len(await house.mails())) == (303, mails)
    assert len(await house.rows(Identity)) == 1


async def test_the_last_way_in_stays(house: House) -> None:
    ada = house.browser()
    await comes_from(ada)

    refused = await ada.post(f"{PAGE}/google/disconnect")
    await connects(ada, "github")
    answers = await asyncio.gather(
        *(ada.post(f"{PAGE}/{name}/disconnect") for name in ("google", "github"))
    )

    assert refused.status_code == 409
    assert "That is your last way in" in refused.text
    assert sorted(each.status_code for each in answers) == [303, 409]
    assert len(await house.rows(Identity)) == 1


@ON_SQLITE
async def test_what_is_not_connected_or_no_provider_cannot_be_taken_off(house: House) -> None:
    ada = await settled(house)
    await connects(ada)

    answers = [await ada.post(f"{PAGE}/{name}/disconnect") for name in ("github", "myspace")]
    unknown = [
        await ada.post(f"{PAGE}/myspace"),
        await ada.post("/sign-in/with/myspace"),
        await ada.get("/sign-in/with/myspace/callback?state=a&code=b"),
    ]

    assert [each.status_code for each in (*answers, *unknown)] == [404] * 5


@ON_SQLITE
async def test_s35_connecting_and_taking_off_ask_for_a_fresh_proof(house: House) -> None:
    ada = await settled(house)
    house.clock.move(timedelta(minutes=5, seconds=1))

    answers = [
        await ada.post(f"{PAGE}/google{action}") for action in ("", "/accept", "/disconnect")
    ]

    assert ["/sign-in/again" in each.headers["location"] for each in answers] == [True] * 3


@ON_SQLITE
async def test_s41_an_attempt_to_connect_ends_in_the_session_that_began_it(house: House) -> None:
    """S41: nobody connects their account elsewhere to whoever uses the browser next."""
    ada = await settled(house)
    begun = await ada.post(f"{PAGE}/google")
    back = await allow(begun.headers["location"])
    await ada.post("/sign-out")
    await ada.sign_in()

    refused = await ada.get(back)

    assert refused.status_code == 400
    assert await house.rows(Identity) == []
    assert len(await house.rows(User)) == 1
