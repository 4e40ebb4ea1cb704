"""No way in is laxer than another (SECURITY S27), and none is forgotten."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from jinja2 import Environment

from admit.accounts.routes import router
from tests.accounts.house import House, open_house
from tests.accounts.settled import settled
from tests.accounts.ways_in import (
    HERE,
    IN,
    OTHER_ARRIVALS,
    OUT,
    SECOND_STEP,
    TO_CONFIRM,
    WAYS,
    Person,
    Way,
    moved,
)
from tests.engines.provider import StandIn, running_provider

BANNED = "203.0.113.9"
LETS_IN = {"lead_on", "hand_over", "admit"}
"""What a route calls that hands out a session, whatever comes before."""
CONDITIONS: Mapping[str, str] = {
    "as it should be": "",
    "banned network": "",
    "second factor on": "UPDATE users SET two_factor_since = created_at WHERE email_key = :email",
    "inactive": "UPDATE users SET is_active = FALSE WHERE email_key = :email",
    "unverified": "UPDATE users SET verified_at = NULL WHERE email_key = :email",
}
RESTORED = (
    "UPDATE users SET two_factor_since = NULL, is_active = TRUE, verified_at = created_at "
    "WHERE email_key = :email"
)


def expected(condition: str, way: Way) -> str:
    match condition:
        case "banned network" | "inactive":
            return OUT
        case "second factor on":
            return IN if way.counts_as_two or way.goes_on else SECOND_STEP
        case "unverified":
            unconfirmed = OUT if way.name == "API key" else TO_CONFIRM
            return IN if way.confirms else unconfirmed
        case _:
            return IN


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with running_provider() as stand_in:
        yield stand_in


@pytest.fixture
async def house(
    database_url: str, templates: Environment, provider: StandIn
) -> AsyncIterator[House]:
    settings: dict[str, Any] = {**provider.settings, "banned_networks": f"{BANNED}/32"}
    async with open_house(database_url, templates, **settings) as opened:
        yield opened


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_s27_every_way_in_is_closed_to_the_same_people(
    house: House, provider: StandIn
) -> None:
    """S27: {each way} x {inactive, unverified, second factor on, banned network}."""
    seen, wanted = {}, {}
    for number, way in enumerate(WAYS.values()):
        email = f"person-{number}@example.com"
        person = Person(house, await settled(house, email), email, provider)
        for condition, statement in CONDITIONS.items():
            use = await way.prepare(person)
            if statement:
                await house.execute(statement, email=email)
            cell = (way.name, condition)
            seen[cell] = await use(BANNED if condition == "banned network" else HERE)
            wanted[cell] = expected(condition, way)
            await house.execute(RESTORED, email=email)

    assert seen == wanted


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_banned_network_is_nobody_whatever_it_brings_and_causes_no_mail(
    house: House,
) -> None:
    ada = await settled(house)
    mails = len(await house.mails())
    banned = moved(ada, BANNED)

    page = await banned.get("/sign-in")
    asked = await banned.post("/sign-in/code", email="ada@example.com")

    assert (await ada.whoami() or {})["email"] == "ada@example.com"
    assert await banned.whoami() is None
    assert (page.status_code, asked.status_code, len(await house.mails())) == (200, 303, mails)


def test_s27_a_route_that_lets_somebody_in_has_its_line_in_the_table() -> None:
    found = {f"{method} {path}" for method, path, endpoint in routes() if lets_in(endpoint)}

    known = {name.partition("#")[0] for name in WAYS} | set(OTHER_ARRIVALS)
    new = sorted(found - known)
    assert new == [], (
        f"{', '.join(new)} lets people in: add it to WAYS in tests/accounts/ways_in.py, with what "
        "goes before and the use itself, so that it is held against every condition."
    )
    assert sorted(known - found - {"GET /api/v1/auth/me"}) == []


def routes() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for route in iter_route_contexts(router.routes):
        for method in route.methods or ():
            if method != "HEAD" and route.endpoint is not None:
                yield method, str(route.path), route.endpoint


def lets_in(function: Callable[..., Any]) -> bool:
    """Whether it, or what it calls in its own module, hands out a session."""
    module = vars(sys.modules[function.__module__])
    waiting, seen = [function], set[str]()
    while waiting:
        code = waiting.pop().__code__
        names = set(code.co_names)
        if names & LETS_IN:
            return True
        for name in names - seen:
            seen.add(name)
            called = module.get(name)
            if isinstance(called, FunctionType) and called.__module__ == function.__module__:
                waiting.append(called)
    return False
