"""Every route of the product, asked by everybody (SECURITY S55)."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.accounts.route_askers import API, Asker, ask, askers, refusal
from tests.accounts.route_table import OPEN_PARAMETERS, OWNED, ROUTES, Guard
from tests.pages.rooms import Rooms, open_rooms

ON_ONE_DATABASE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PARAMETER = re.compile(r"{(\w+)}")
LEADS_ELSEWHERE = {
    "GET /verify",
    "POST /verify",
    "POST /verify/resend",
    "POST /sign-in/2fa/passkey/options",
    "POST /sign-out",
}
"""Open to anybody; who has nothing to confirm or to go on with there is led to sign in, or on."""
PROVIDER = {
    "google_client_id": "admit",
    "google_client_secret": "of-the-test",
    "google_issuer": "http://127.0.0.1:9",
}
"""Nobody listens there."""


def routes_of(rooms: Rooms) -> list[str]:
    app = rooms.app.app
    assert isinstance(app, FastAPI)
    return sorted(
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if method != "HEAD"
    )


@ON_ONE_DATABASE
async def test_s55_every_route_says_who_may_use_it(database_url: str, tmp_path: Path) -> None:
    """S55: a new route without an entry fails here, and so does an entry without its route."""
    async with open_rooms(database_url, tmp_path) as rooms:
        found = routes_of(rooms)

    new = [route for route in found if route not in ROUTES]
    gone = [route for route in ROUTES if route not in found]
    assert new == [], (
        f"Say in tests/accounts/route_table.py who may use {', '.join(new)}: add each to ROUTES "
        "with the guard that its route has, and with `by_key` when API keys may use it."
    )
    assert gone == [], f"Take {', '.join(gone)} out of ROUTES in tests/accounts/route_table.py."
    unknown = {name for route in found for name in PARAMETER.findall(route)}
    unsaid = unknown - OWNED - set(OPEN_PARAMETERS)
    assert unsaid == set(), f"Add {unsaid} to OWNED or OPEN_PARAMETERS in the route table."


def path_of(route: str) -> str:
    path = route.partition(" ")[2].replace("{provider}", "google")
    return PARAMETER.sub("no-such-thing", path)


def boundary(everybody: Sequence[Asker], route: str) -> list[Asker]:
    """Nobody, who lacks one thing only, who is let in with the least, and over the API the keys."""
    entry, path = ROUTES[route], path_of(route)
    people = [asker for asker in everybody if asker.key_scopes is None]
    keys = [asker for asker in everybody if asker.key_scopes is not None]
    inside = [one for one in people if one.is_let_in(entry, path)][:1]
    short = [one for one in people[1:] if not one.is_let_in(entry, path)][-1:]
    return [*people[:1], *short, *inside, *(keys if path.startswith(API) else [])]


async def wrongly(rooms: Rooms, asked: Mapping[str, Sequence[Asker]]) -> list[str]:
    """Sentences about every answer that is not what the table says."""
    wrong = []
    for route, who in asked.items():
        entry, path = ROUTES[route], path_of(route)
        for asker in who:
            answer = await ask(rooms, asker, route, path)
            said = refusal(answer)
            is_in = asker.is_let_in(entry, path)
            if route in LEADS_ELSEWHERE and said != "forbidden":
                continue
            if answer.status_code >= 500 and answer.status_code != 503:
                wrong.append(f"{route} answered {answer.status_code} to {asker.name}")
            elif is_in != (said is None):
                wrong.append(f"{route} is for {entry.guard}, but {asker.name} heard: {said}")
    return wrong


@ON_ONE_DATABASE
async def test_s55_each_route_refuses_whoever_is_one_step_short(
    database_url: str, tmp_path: Path
) -> None:
    """S55 (ASVS 8.2.1-8.2.3), S35 (ASVS 7.5.1): the least that is let in, and all below it."""
    async with open_rooms(database_url, tmp_path, **PROVIDER) as rooms:
        everybody = await askers(rooms)
        asked = {route: boundary(everybody, route) for route in ROUTES}

        wrong = await wrongly(rooms, asked)

        assert wrong == [], "\n".join(wrong)


@pytest.mark.long
async def test_s55_everybody_asks_every_route(database_url: str, tmp_path: Path) -> None:
    """S55: the whole matrix."""
    async with open_rooms(database_url, tmp_path, **PROVIDER) as rooms:
        everybody = await askers(rooms)

        assert await wrongly(rooms, dict.fromkeys(ROUTES, everybody)) == []


def test_s35_what_could_take_the_account_away_asks_for_a_fresh_proof() -> None:
    """S35 (ASVS 7.5.1): the sensitive routes, by what they change."""
    sensitive = (
        "/account/email",
        "/account/security/password",
        "/account/security/two-factor",
        "/account/security/recovery-codes",
        "/account/passkeys",
        "/account/api-keys",
        "/api/v1/auth/api-keys",
        "/account/data/deletion",
        "/account/data/deactivation",
        "/account/data/export",
    )

    guards = {path: ROUTES[f"POST {path}"].guard for path in sensitive}

    assert guards == dict.fromkeys(sensitive, Guard.proved)
