"""Coming from Google and from GitHub, as people do."""

import asyncio

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from tests.accounts.house import House
from tests.accounts.oauth.travel import allow, asked_for, comes_from, emails, set_out
from tests.engines.provider import Someone, StandIn

# Where both databases do the same, one is asked.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

ADA = {"email": "ada@example.com", "verified": True, "admin": False}


@pytest.mark.parametrize("name", ["google", "github"])
async def test_s2_08_a_newcomer_comes_from_a_provider_and_has_an_account(
    house: House, name: str
) -> None:
    ada = house.browser()

    arrived = await comes_from(ada, name, next="/premium")
    (user,), (identity,) = await house.rows(User), await house.rows(Identity)

    assert (arrived.status_code, arrived.headers["location"]) == (303, "/premium")
    assert await ada.whoami() == ADA
    assert (user.first_name, user.last_name, user.password_hash) == ("Ada", "Lovelace", None)
    assert (identity.provider, identity.subject, identity.user_id) == (name, "4711", user.id)
    outcomes = [(e.what, e.method) for e in await house.rows(SecurityEvent)]
    assert sorted(outcomes) == [("signed_in", name), ("signed_up", name)]


@pytest.mark.parametrize("name", ["google", "github"])
@ON_SQLITE
async def test_somebody_known_comes_again_whatever_their_address_is_now(
    house: House, provider: StandIn, name: str
) -> None:
    await comes_from(house.browser(), name)
    provider.someone = Someone(email="ada.moved@example.com", first_name="Countess")
    elsewhere = house.browser()

    await comes_from(elsewhere, name)

    assert await elsewhere.whoami() == ADA
    assert await emails(house) == ["ada@example.com"]
    (identity,) = await house.rows(Identity)
    assert identity.email == "ada.moved@example.com"


@pytest.mark.parametrize("name", ["google", "github"])
@ON_SQLITE
async def test_s42_every_attempt_has_its_own_challenge_and_two_tabs_both_succeed(
    house: House, name: str
) -> None:
    """S42: S256 is sent to both, and the stand-in redeems no code without its verifier."""
    ada = house.browser()

    first, second = await asyncio.gather(set_out(ada, name), set_out(ada, name))
    arrivals = [await ada.get(await allow(tab)) for tab in (second, first)]

    assert [each.headers["location"] for each in arrivals] == ["/account", "/account"]
    assert await ada.whoami() == ADA
    assert await emails(house) == ["ada@example.com"]
    asked = [asked_for(tab) for tab in (first, second)]
    assert [each["code_challenge_method"] for each in asked] == ["S256", "S256"]
    for what in ("state", "code_challenge"):
        assert asked[0][what] != asked[1][what]
    assert ("nonce" in asked[0]) is (name == "google")


async def test_s42_two_tabs_that_come_back_at_the_same_moment_make_one_account(
    house: House,
) -> None:
    ada = house.browser()
    tabs = [await allow(await set_out(ada)) for _ in range(2)]

    arrivals = await asyncio.gather(*(ada.get(tab) for tab in tabs))

    assert [each.headers["location"] for each in arrivals] == ["/account", "/account"]
    assert (await emails(house), len(await house.rows(Identity))) == (["ada@example.com"], 1)


@ON_SQLITE
async def test_whoever_has_two_factors_is_asked_for_the_second_after_a_provider_too(
    house: House,
) -> None:
    """S0-46, S27: the first factor that a provider stands for is one factor."""
    await comes_from(house.browser())
    await house.execute("UPDATE users SET two_factor_since = created_at")
    ada = house.browser()

    arrived = await comes_from(ada)

    assert (arrived.status_code, arrived.headers["location"]) == (303, "/sign-in/2fa")
    assert await ada.whoami() is None


@ON_SQLITE
async def test_s27_an_inactive_account_is_closed_to_providers_too(house: House) -> None:
    await comes_from(house.browser())
    await house.execute("UPDATE users SET is_active = :no", no=False)
    ada = house.browser()

    refused = await comes_from(ada)

    assert refused.status_code == 400
    assert await ada.whoami() is None


@ON_SQLITE
async def test_somebody_who_changes_their_mind_at_the_provider_is_back_at_the_door(
    house: House,
) -> None:
    ada = house.browser()
    state = asked_for(await set_out(ada))["state"]

    back = await ada.get(f"/sign-in/with/google/callback?state={state}&error=access_denied")

    assert (back.status_code, back.headers["location"]) == (303, "/sign-in")
    assert "You did not sign in with Google." in (await ada.get("/sign-in")).text


@ON_SQLITE
async def test_buttons_are_there_for_what_is_set_up_only(house: House) -> None:
    pages = [(await house.browser().get(path)).text for path in ("/sign-in", "/sign-up?plan=pro")]

    for page in pages:
        assert "Continue with Google" in page
        assert "Continue with GitHub" in page
    assert 'name="next" value="/pricing?plan=pro"' in pages[1].split("/sign-in/with/google")[1]


@ON_SQLITE
async def test_the_way_to_a_provider_is_not_open_without_end(house: House) -> None:
    ada = house.browser()

    answers = [await ada.post("/sign-in/with/github") for _ in range(61)]

    assert [each.status_code for each in answers] == [303] * 60 + [429]
    assert 290 <= int(answers[-1].headers["retry-after"]) <= 300


@ON_SQLITE
async def test_s17_nothing_that_was_handed_to_the_browser_is_in_the_database(
    house: House,
) -> None:
    """S17: state, nonce, verifier and the browser's secret are nowhere in clear."""
    ada = house.browser()
    at_provider = await set_out(ada)
    secrets = [*ada.cookies.values(), *(asked_for(at_provider)[n] for n in ("state", "nonce"))]
    await ada.get(await allow(at_provider))

    dump = await house.dump()

    assert len(secrets) == 3
    assert [secret for secret in secrets if secret in dump] == []


@ON_SQLITE
async def test_whatever_a_provider_calls_somebody_they_have_a_name_that_can_be_shown(
    house: House, provider: StandIn
) -> None:
    names = [("", ""), ("Ada\u0000", "\u202eevil"), ("www.evil.example", "B" * 500), ("\n", "Bo")]

    for number, (first, last) in enumerate(names):
        address = f"ada.{number}@example.com"
        provider.someone = Someone(number + 1, address, first_name=first, last_name=last)
        await comes_from(house.browser())

    users = sorted(await house.rows(User), key=lambda user: user.email)
    assert [(user.first_name, user.last_name) for user in users] == [
        ("ada.0", ""),
        ("ada.1", ""),
        ("ada.2", ""),
        ("ada.3", "Bo"),
    ]
