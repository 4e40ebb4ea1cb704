"""The way back from a provider is open to the browser that went there, once, and soon."""

from datetime import timedelta

import pytest

from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from tests.accounts.house import House
from tests.accounts.oauth.travel import allow, asked_for, set_out
from tests.engines.provider import StandIn

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_s41_a_state_is_good_for_its_browser_and_provider_once_and_for_ten_minutes(
    house: House,
) -> None:
    """S41: missing, wrong, of another browser, of another provider, expired, reused."""
    ada, mallory = house.browser(), house.browser()
    back = await allow(await set_out(ada))
    late = await allow(await set_out(ada))
    state = asked_for(back)["state"]
    tries = {
        "missing": back.replace(state, ""),
        "wrong": back.replace(state, "a" * len(state)),
        "another provider": back.replace("/google/", "/github/"),
    }

    answers = {name: await ada.get(path) for name, path in tries.items()}
    answers["another browser"] = await mallory.get(back)
    house.clock.move(timedelta(minutes=10, seconds=1))
    answers["expired"] = await ada.get(late)

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(answers, 400)
    assert "was not begun in this browser" in answers["another browser"].text
    assert (await ada.whoami(), await mallory.whoami()) == (None, None)
    assert (await house.rows(User), await house.rows(Identity)) == ([], [])


async def test_s41_a_state_that_was_used_lets_nobody_in_again(house: House) -> None:
    ada = house.browser()
    back = await allow(await set_out(ada))
    kept = dict(ada.cookies)

    first = await ada.get(back)
    await ada.post("/sign-out")
    for name, value in kept.items():
        ada.http.cookies.set(name, value, domain="127.0.0.1")
    again = await ada.get(back)

    assert (first.status_code, again.status_code) == (303, 400)
    assert await ada.whoami() is None


@ON_SQLITE
async def test_s41_a_stranger_cannot_make_somebody_sign_in_to_the_strangers_account(
    house: House, provider: StandIn
) -> None:
    """The code and state of an attempt that another browser began: login by another site."""
    mallory, ada = house.browser(), house.browser()
    provider.someone.email = "mallory@example.com"
    back = await allow(await set_out(mallory))
    await set_out(ada)

    refused = await ada.get(back)

    assert refused.status_code == 400
    assert await ada.whoami() is None


@ON_SQLITE
async def test_s42_a_code_of_another_attempt_does_not_fit_this_one(
    house: House, provider: StandIn
) -> None:
    """S42: an injected code meets the wrong verifier, though the state is right."""
    ada, mallory = house.browser(), house.browser()
    stolen = asked_for(await allow(await set_out(ada)))["code"]
    provider.someone.email = "mallory@example.com"
    own = await allow(await set_out(mallory))

    refused = await mallory.get(own.replace(asked_for(own)["code"], stolen))

    assert refused.status_code == 400
    assert await mallory.whoami() is None
    assert await house.rows(User) == []


@ON_SQLITE
async def test_s43_a_code_that_another_provider_gave_is_refused(
    house: House, provider: StandIn
) -> None:
    """S43: each provider has its own way back, and `iss` beside the code must be the right one."""
    ada = house.browser()
    at_google, at_github = await set_out(ada, "google"), await set_out(ada, "github")
    code_of_google = asked_for(await allow(at_google))["code"]
    back_of_github = await allow(at_github)
    own_code = asked_for(back_of_github)["code"]
    provider.hostility.issuer_beside_code = "https://attacker.example"
    mixed_up = await allow(await set_out(ada, "google"))

    injected = await ada.get(back_of_github.replace(own_code, code_of_google))
    other_issuer = await ada.get(mixed_up)

    assert asked_for(at_google)["redirect_uri"] != asked_for(at_github)["redirect_uri"]
    assert (injected.status_code, other_issuer.status_code) == (400, 400)
    assert (await ada.whoami(), await house.rows(User)) == (None, [])


@ON_SQLITE
async def test_s47_the_way_back_leads_to_pages_of_ours_only(house: House) -> None:
    """S47; `own_path` itself is fuzzed in `test_destination`."""
    ada = house.browser()
    places = ("//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)")

    led = [await ada.get(await allow(await set_out(ada, next=place))) for place in places]

    assert [each.headers["location"] for each in led] == ["/account"] * 4
