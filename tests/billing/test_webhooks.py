"""Stripe's deliveries at the hot road, and what the worker makes of them: S61, S62."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import psycopg
import pytest
from sqlalchemy.engine import make_url

from admit.core.events.models import EventRow, ReactionRow
from tests.engines.simulators import Simulators
from tests.engines.world import SECRET, Actor, World, open_world

ROLLED = "whsec_before_the_roll"
EMPTY: tuple[list[EventRow], list[ReactionRow]] = ([], [])


@pytest.mark.parametrize(
    "secrets",
    [(SECRET,), (ROLLED, SECRET), (ROLLED, "whsec_other", SECRET)],
    ids=["one", "two", "three"],
)
async def test_s61_stripe_signs_with_any_of_our_secrets_and_is_believed(
    database_url: str, simulators: Simulators, secrets: tuple[str, ...]
) -> None:
    given = ",".join(secrets)
    async with open_world(database_url, simulators, stripe_webhook_secret=given) as world:
        answer = await world.post(event("evt_1"))

        assert answer.status_code == 200
        assert [row.id for row in await from_stripe(world)] == ["stripe:evt_1"]


@pytest.mark.parametrize("late", [301, 86400, -301], ids=["old", "a day old", "from the future"])
async def test_s61_a_replayed_signature_is_refused_whatever_business_time_says(
    world: World, late: int
) -> None:
    await world.move(days=1)
    payload = event("evt_1")

    answer = await world.post(payload, signature=world.signed(payload, late=late))

    assert await refused(world, answer)


async def test_s61_one_right_signature_among_wrong_ones_is_enough(world: World) -> None:
    payload = event("evt_1")
    timestamp, right = world.signed(payload).split(",")

    answer = await world.post(payload, signature=f"{timestamp},v1={'0' * 64},{right},v0=ff")

    assert answer.status_code == 200


async def test_s61_a_right_digest_under_the_old_scheme_is_refused(world: World) -> None:
    payload = event("evt_1")

    answer = await world.post(payload, signature=world.signed(payload).replace("v1=", "v0="))

    assert await refused(world, answer)


@pytest.mark.parametrize("header", ["t=" + "9" * 5000 + ",v1=00", "t=1,t=2,v1=00", "t=-1,v1=00"])
async def test_s61_a_stranger_sends_a_strange_time_and_is_refused(
    world: World, header: str
) -> None:
    assert await refused(world, await world.post(event("evt_1"), signature=header))


async def test_a_stranger_sends_a_huge_body_and_is_refused(world: World) -> None:
    answer = await world.post(b"{" + b" " * 1_000_001)

    assert answer.status_code == 413
    assert (await from_stripe(world), await to_stripe(world)) == EMPTY


@pytest.mark.parametrize(
    "change",
    [{"data": {"object": []}}, {"data": {"object": None}}, {"data": []}, {"created": "now"}],
    ids=["a list", "nothing", "no object", "no time"],
)
async def test_what_is_signed_and_no_event_is_refused(world: World, change: dict[str, Any]) -> None:
    assert await refused(world, await world.post(event("evt_1", **change)))


async def test_s62_twenty_parallel_copies_are_one_row_and_one_effect(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    (paid,) = [told for told in world.stripe.events() if told.type == "invoice.paid"]

    answers = await asyncio.gather(*[world.post(paid.payload) for _ in range(20)])
    await world.together(*[world.drain() for _ in range(3)])

    assert {answer.status_code for answer in answers} == {200}
    assert [row.id for row in await from_stripe(world)] == [f"stripe:{paid.id}"]
    assert len(await world.facts("billing.invoice_paid")) == 1
    assert await world.mails() == ["billing.welcome"]


async def test_s62_all_events_once_more_after_three_days_change_nothing(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    before = (await world.mails(), await ada.features(), len(await world.rows(EventRow)))
    await world.move(days=3)

    await world.deliver(world.stripe.events())
    await world.drain()

    assert (await world.mails(), await ada.features(), len(await world.rows(EventRow))) == before


async def test_s62_events_of_another_mode_or_account_are_kept_as_refused(world: World) -> None:
    other_mode = await world.post(event("evt_live", livemode=True))
    other_account = await world.post(event("evt_connected", account="acct_1"))
    await world.drain()

    assert (other_mode.status_code, other_account.status_code) == (200, 200)
    kept = {row.id: row.disposition for row in await from_stripe(world)}
    assert kept == {"stripe:evt_live": "refused", "stripe:evt_connected": "refused"}
    assert await to_stripe(world) == []


@pytest.mark.parametrize(
    ("kind", "object_id"),
    [
        ("coupon.created", "25% OFF in März"),
        ("coupon.created", "x" * 300),
        ("plan.created", 7),
        ("balance.available", None),
        ("customer.subscription.exploded", "sub_1"),
    ],
)
async def test_s62_events_of_unknown_types_are_received_whatever_they_are_about(
    world: World, kind: str, object_id: object
) -> None:
    payload = event("evt_1", type=kind, data={"object": {"id": object_id, "object": "thing"}})

    answer = await world.post(payload)
    await world.drain()

    assert answer.status_code == 200
    assert [row.disposition for row in await from_stripe(world)] == ["unrouted"]
    assert await to_stripe(world) == []


async def test_s62_an_event_about_an_object_that_stripe_does_not_know_ends_quietly(
    world: World,
) -> None:
    answer = await world.post(event("evt_1"))
    await world.settle()

    assert answer.status_code == 200
    assert {(row.progress, row.last_error) for row in await world.rows(ReactionRow)} == {
        ("done", None)
    }


async def test_s62_a_customer_of_nobody_here_is_unclaimed(world: World) -> None:
    """Somebody made a customer and sold to them in Stripe's dashboard."""
    stranger = world.stripe.post("/v1/customers", email="stranger@example.test")["id"]
    payload = event("evt_1", type="customer.created", data={"object": {"id": stranger}})
    # Of an older version, so that Admit has to ask.
    answer = await world.post(payload)
    await world.drain()

    assert answer.status_code == 200
    assert [row.progress for row in await to_stripe(world)] == ["unclaimed"]


async def test_a_locked_database_makes_stripe_come_again_and_then_all_is_well(
    database_url: str, simulators: Simulators
) -> None:
    async with open_world(database_url, simulators, database_busy_seconds=0.2) as world:
        ada = await world.person("ada")
        await ada.subscribes_to()
        events = world.stripe.events()

        async with locked(database_url):
            answers = await asyncio.gather(*[world.post(told.payload) for told in events[:3]])

        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["Retry-After"] for answer in answers} == {"30"}
        assert {answer.json()["status"] for answer in answers} == {503}
        assert await from_stripe(world) == []

        await world.deliver(events)
        await world.drain()

        assert len(await from_stripe(world)) == len(events)
        assert "premium" in await ada.features()


def event(event_id: str, **change: Any) -> bytes:
    body = {
        "id": event_id,
        "object": "event",
        "api_version": "2025-02-24.acacia",
        "type": "customer.subscription.updated",
        "created": 1_772_000_000,
        "livemode": False,
        "data": {"object": {"id": "sub_of_nobody", "object": "subscription"}},
    }
    return json.dumps({**body, **change}).encode()


async def refused(world: World, answer: httpx2.Response) -> bool:
    assert (answer.status_code, answer.json()["code"]) == (400, "webhook_refused")
    assert answer.headers["Content-Type"] == "application/problem+json"
    return (await from_stripe(world), await to_stripe(world)) == EMPTY


async def from_stripe(world: World) -> list[EventRow]:
    return [row for row in await world.rows(EventRow) if row.source == "stripe"]


async def to_stripe(world: World) -> list[ReactionRow]:
    """Who has to act on what Stripe sent."""
    rows = await world.rows(ReactionRow)
    return [row for row in rows if row.event_id.startswith("stripe:")]


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Somebody else writes, and does not come to an end."""
    lock = locked_file if url.startswith("sqlite") else locked_table
    with lock(url):
        yield


@contextmanager
def locked_file(url: str) -> Iterator[None]:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def locked_table(url: str) -> Iterator[None]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()
