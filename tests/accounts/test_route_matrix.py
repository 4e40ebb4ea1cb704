"""Every route of the product, asked by everybody (SECURITY S55)."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy.ext.asyncio import AsyncSession

from admit.accounts.invitations.models import Invitation
from admit.accounts.passkeys.models import Passkey
from admit.billing.customers.models import BillingAccount
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import Payment
from admit.billing.stripe_account import remember_account
from admit.core.crypto import new_token
from admit.core.ids import new_id
from tests.access.people import add_person
from tests.accounts.route_askers import API, Asker, ask, askers, new_key, new_session, refusal
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
@ON_ONE_DATABASE
async def test_s55_everybody_asks_every_route(database_url: str, tmp_path: Path) -> None:
    """S55: the whole matrix."""
    async with open_rooms(database_url, tmp_path, **PROVIDER) as rooms:
        everybody = await askers(rooms)

        assert await wrongly(rooms, dict.fromkeys(ROUTES, everybody)) == []


@ON_ONE_DATABASE
async def test_s55_nobody_reaches_what_is_somebody_elses(database_url: str, tmp_path: Path) -> None:
    """S55, S34 (ASVS 7.5.2): every route that names a thing answers 404, as if it were not there,
    and leaves it as it was."""
    async with open_rooms(database_url, tmp_path) as rooms:
        member = next(asker for asker in await askers(rooms) if asker.name == "member")
        adas = await things_of_ada(rooms)
        owned = [route for route in ROUTES if OWNED & set(PARAMETER.findall(route))]
        found = {}
        for route in owned:
            if ROUTES[route].guard in member.reaches:
                path = PARAMETER.sub(lambda name: adas[name[1]].id, route.partition(" ")[2])
                answer = await ask(rooms, member, route, path, typed=b"name=Mine")
                found[route] = answer.status_code
        async with rooms.database.read() as db:
            kept = {name: await db.get(type(row), row.id) for name, row in adas.items()}

    assert len(found) >= 8
    assert found == dict.fromkeys(found, 404)
    assert set(kept) == OWNED
    assert {name: row is not None for name, row in kept.items()} == dict.fromkeys(kept, True)


async def things_of_ada(rooms: Rooms) -> dict[str, Any]:
    """One of everything in `OWNED`, by the parameter that names it."""
    now = datetime.now(UTC)
    async with rooms.database.write() as db:
        ada = await add_person(db, "ada")
        rows: dict[str, Any] = {
            "session_id": new_session(ada, new_token(), now=now),
            "key_id": new_key(ada, new_token(), "access:read", now),
            "passkey_id": Passkey(
                id=new_id("pky"),
                user_id=ada.id,
                credential_id="ada",
                public_key=b"",
                sign_count=0,
                name="Phone",
                transports="",
                is_synced=False,
                created_at=now,
            ),
            "invitation_id": Invitation(
                id=new_id("inv"),
                email=ada.email,
                email_key=ada.email_key,
                role="staff",
                token_hash="ada",
                created_at=now,
                ends_at=now + timedelta(days=7),
            ),
        }
        rows |= await money_of(db, ada.id, now=now)
        db.add_all(rows.values())
    return rows


async def money_of(db: AsyncSession, user_id: str, *, now: datetime) -> dict[str, Any]:
    stripe = await remember_account(db, account_id="acct_1", mode="simulator")
    account = BillingAccount(
        id=new_id("ba"), user_id=user_id, stripe_account_id=stripe.id, created_at=now
    )
    db.add(account)
    await db.flush()
    mirrored: dict[str, Any] = {
        "stripe_account_id": stripe.id,
        "billing_account_id": account.id,
        "currency": "eur",
        "created_at": now,
        "look": 1,
        "look_source": "fetch",
        "look_second": 1,
        "ended": False,
    }
    amounts = ("subtotal", "discount", "tax", "total", "amount_due", "amount_paid")
    return {
        "invoice_id": Invoice(
            id="in_of_ada",
            status="paid",
            attempt_count=1,
            covers={},
            lines=[],
            **dict.fromkeys(amounts, 1200),
            **mirrored,
        ),
        "payment_id": Payment(id="ch_of_ada", status="succeeded", amount=1200, **mirrored),
    }


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
