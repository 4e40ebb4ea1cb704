"""`POST /webhooks/stripe`: what is believed, what is kept, and what changes nothing at all."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from admit.core.events.models import EventRow, ReactionRow
from tests.pages.rooms import ORIGIN, Rooms, open_rooms

OLD_SECRET, NEW_SECRET = "whsec_before_the_roll", "whsec_after_the_roll"


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    secrets = f"{OLD_SECRET},{NEW_SECRET}"
    async with open_rooms(database_url, tmp_path, stripe_webhook_secret=secrets) as opened:
        yield opened


@pytest.fixture
async def stripe(rooms: Rooms) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=rooms.app)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


@pytest.mark.parametrize("secret", [OLD_SECRET, NEW_SECRET])
async def test_an_event_signed_with_any_of_our_secrets_is_kept_and_planned(
    rooms: Rooms, stripe: httpx2.AsyncClient, secret: str
) -> None:
    response = await deliver(stripe, event(), secret=secret)

    assert (response.status_code, response.json()) == (200, {"received": True})
    assert await kept(rooms) == [("stripe:evt_1", "customer.subscription.updated", "routed")]
    assert await reactions(rooms) == 1


async def test_an_event_that_comes_again_is_received_and_kept_once(
    rooms: Rooms, stripe: httpx2.AsyncClient
) -> None:
    first, again = await deliver(stripe, event()), await deliver(stripe, event())

    assert (first.status_code, again.status_code) == (200, 200)
    assert (len(await kept(rooms)), await reactions(rooms)) == (1, 1)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "t=,v1=00",
        "t={now}",
        "t={now},v1=" + "0" * 64,
        "t={now},v0=" + "0" * 64,
    ],
)
async def test_an_event_without_a_right_signature_is_refused_and_changes_nothing(
    rooms: Rooms, stripe: httpx2.AsyncClient, header: str | None
) -> None:
    now = str(int(time.time()))
    headers = {} if header is None else {"stripe-signature": header.replace("{now}", now)}

    response = await stripe.post("/webhooks/stripe", content=event(), headers=headers)

    await is_refused(rooms, response)


async def test_an_event_signed_with_a_secret_of_somebody_else_is_refused(
    rooms: Rooms, stripe: httpx2.AsyncClient
) -> None:
    await is_refused(rooms, await deliver(stripe, event(), secret="whsec_of_somebody_else"))


@pytest.mark.parametrize(("late", "status"), [(290, 200), (310, 400), (-290, 200), (-310, 400)])
async def test_a_signature_is_good_for_five_minutes(
    rooms: Rooms, stripe: httpx2.AsyncClient, late: int, status: int
) -> None:
    response = await deliver(stripe, event(), late=late)

    assert response.status_code == status
    assert len(await kept(rooms)) == (1 if status == 200 else 0)


async def test_a_body_that_was_changed_on_the_way_is_refused(
    rooms: Rooms, stripe: httpx2.AsyncClient
) -> None:
    header = signature_of(event(), secret=NEW_SECRET)

    response = await stripe.post(
        "/webhooks/stripe", content=event(subject="sub_2"), headers={"stripe-signature": header}
    )

    await is_refused(rooms, response)


@pytest.mark.parametrize(
    ("change", "disposition"),
    [
        ({"type": "a.type.that.nobody.knows"}, "unrouted"),
        ({"account": "acct_of_somebody_else"}, "refused"),
        ({"livemode": True}, "refused"),
    ],
)
async def test_what_does_not_concern_us_is_kept_and_nothing_is_planned(
    rooms: Rooms, stripe: httpx2.AsyncClient, change: dict[str, Any], disposition: str
) -> None:
    response = await deliver(stripe, event(**change))

    assert response.status_code == 200
    assert [row[2] for row in await kept(rooms)] == [disposition]
    assert await reactions(rooms) == 0


async def test_an_event_about_an_unknown_object_is_received_and_harms_nobody(
    rooms: Rooms, stripe: httpx2.AsyncClient
) -> None:
    """Nothing stands in for Stripe here, so the look fails and is put off; nothing is lost."""
    response = await deliver(stripe, event(subject="sub_of_nobody"))
    await rooms.wiring.worker.run_once()

    assert response.status_code == 200
    async with rooms.database.read() as db:
        waiting = (await db.execute(select(ReactionRow.progress))).scalars().all()
    assert waiting == ["waiting"]


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"id": 7}', b"\xff\xfe", b'{"id": "evt'])
async def test_what_is_signed_but_no_event_is_refused(
    rooms: Rooms, stripe: httpx2.AsyncClient, body: bytes
) -> None:
    await is_refused(rooms, await deliver(stripe, body))


async def test_looking_at_the_address_is_refused(stripe: httpx2.AsyncClient) -> None:
    assert (await stripe.get("/webhooks/stripe")).status_code == 405


def event(*, subject: str = "sub_1", **change: object) -> bytes:
    body = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "type": "customer.subscription.updated",
        "created": 1_780_000_000,
        "livemode": False,
        "data": {"object": {"id": subject, "object": "subscription"}},
    }
    return json.dumps({**body, **change}).encode()


async def deliver(
    stripe: httpx2.AsyncClient, body: bytes, *, secret: str = NEW_SECRET, late: int = 0
) -> httpx2.Response:
    header = signature_of(body, secret=secret, late=late)
    return await stripe.post("/webhooks/stripe", content=body, headers={"stripe-signature": header})


def signature_of(body: bytes, *, secret: str, late: int = 0) -> str:
    timestamp = int(time.time()) - late
    signed = f"{timestamp}.".encode() + body
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


async def is_refused(rooms: Rooms, response: httpx2.Response) -> None:
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "webhook_refused"
    assert (await kept(rooms), await reactions(rooms)) == ([], 0)


async def kept(rooms: Rooms) -> list[tuple[str, str, str]]:
    async with rooms.database.read() as db:
        found = await db.execute(
            select(EventRow.id, EventRow.name, EventRow.disposition).where(
                EventRow.source == "stripe"
            )
        )
        return [(row.id, row.name, row.disposition) for row in found]


async def reactions(rooms: Rooms) -> int:
    async with rooms.database.read() as db:
        return (
            await db.scalar(
                select(func.count())
                .select_from(ReactionRow)
                .where(ReactionRow.event_id.startswith("stripe:"))
            )
            or 0
        )
