"""A provider that lies, fails, or does not know whose address it tells."""

import pytest

from admit.accounts.audit.models import SecurityEvent
from admit.accounts.models import User
from admit.accounts.oauth.models import Identity
from tests.accounts.house import House
from tests.accounts.oauth.travel import comes_from
from tests.engines.provider import REMOVED, Hostility, StandIn

# What a provider does wrong reaches no database.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


LIES: dict[str, Hostility] = {
    "signed by another key": Hostility(signs_with="another key"),
    "signed with the client secret": Hostility(signs_with="the client secret"),
    "not signed": Hostility(signs_with="nothing"),
    "nonce of another": Hostility(claims={"nonce": "0" * 64}),
    "for nobody": Hostility(claims={"aud": REMOVED}),
}
BREAKDOWNS: dict[str, tuple[Hostility, int]] = {
    "no token": (Hostility(token_answer=(200, {}, b'{"access_token": "a"}')), 400),
    "no JSON": (Hostility(token_answer=(200, {}, b"<html>")), 400),
    "a list": (Hostility(token_answer=(200, {}, b"[]")), 400),
    "an endless answer": (Hostility(token_answer=(200, {}, b"[" * 600_000)), 400),
    "a redirect": (Hostility(token_answer=(302, {"location": "/google/keys"}, b"")), 400),
    "a failing server": (Hostility(token_answer=(502, {}, b"")), 503),
}


async def test_s44_an_id_token_that_is_not_right_in_every_part_lets_nobody_in(
    house: House, provider: StandIn
) -> None:
    """S44; each claim by itself is in `test_id_token`."""
    ada, answers = house.browser(), {}

    for lie, hostility in LIES.items():
        provider.hostility = hostility
        answers[lie] = (await comes_from(ada)).status_code

    assert answers == dict.fromkeys(LIES, 400)
    assert await ada.whoami() is None
    assert (await house.rows(User), await house.rows(Identity)) == ([], [])
    outcomes = [(e.what, e.method) for e in await house.rows(SecurityEvent)]
    assert outcomes == [("sign_in_refused", "google")] * len(LIES)


async def test_a_provider_that_breaks_down_is_told_as_what_it_is(
    house: House, provider: StandIn
) -> None:
    ada, answers = house.browser(), {}

    for name in ("google", "github"):
        for what, (hostility, _) in BREAKDOWNS.items():
            provider.hostility = hostility
            answers[name, what] = (await comes_from(ada, name)).status_code

    expected = {what: status for what, (_, status) in BREAKDOWNS.items()}
    assert answers == {(n, w): s for n in ("google", "github") for w, s in expected.items()}
    assert await house.rows(User) == []


async def test_s43_a_discovery_document_that_is_not_the_issuers_own_is_not_followed(
    house: House, provider: StandIn
) -> None:
    documents: list[dict[str, object]] = [
        {"issuer": "https://accounts.google.com"},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
    ]
    answers = []

    for document in documents:
        provider.hostility.discovery = document
        answers.append(await house.browser().post("/sign-in/with/google"))

    assert [each.status_code for each in answers] == [400] * 4
    assert ["location" in each.headers for each in answers] == [False] * 4


async def test_s45_one_number_at_two_providers_is_two_people(
    house: House, provider: StandIn
) -> None:
    """S45: an identity is provider and number; GitHub's 4711 is not Google's."""
    ada, bea = house.browser(), house.browser()
    await comes_from(ada, "google")
    provider.someone.email = "bea@example.com"

    await comes_from(bea, "github")

    assert (await ada.whoami() or {})["email"] == "ada@example.com"
    assert (await bea.whoami() or {})["email"] == "bea@example.com"
    identities = sorted((i.provider, i.subject) for i in await house.rows(Identity))
    assert identities == [("github", "4711"), ("google", "4711")]
    assert len(await house.rows(User)) == 2


async def test_s45_somebody_without_a_number_at_github_is_nobody(
    house: House, provider: StandIn
) -> None:
    answers = []

    for number in (None, True, "4711", 0):
        provider.hostility.claims = {"id": number}
        answers.append(await comes_from(house.browser(), "github"))

    assert [each.status_code for each in answers] == [400] * 4
    assert await house.rows(User) == []


async def test_github_tells_an_address_that_is_primary_and_confirmed_or_none(
    house: House, provider: StandIn
) -> None:
    lists: list[object] = [
        [{"email": "a@example.com", "primary": False, "verified": True}],
        [{"email": "a@example.com", "primary": True, "verified": False}],
        [{"email": None, "primary": True, "verified": True}],
        ["a@example.com", 7, None],
        {"email": "a@example.com"},
    ]
    answers = []

    for told in lists:
        provider.hostility.emails = told
        answers.append(await comes_from(house.browser(), "github"))

    assert [each.status_code for each in answers] == [400] * 5
    assert await house.rows(User) == []
