"""Admit follows the simulator: its clock, and its epoch after a reset or a restored snapshot."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from admit.access.service import features_of
from admit.accounts.models import User
from admit.accounts.person import Person
from admit.billing.checkout.service import start_checkout
from admit.billing.reconciliation.starting_over import notice_epoch
from admit.billing.reconciliation.sweep import sweep
from admit.billing.stripe_account import connected_account
from admit.billing.subscriptions.models import Subscription
from admit.core.clock import to_seconds
from admit.dev.control import http_to_simulator
from admit.dev.following import fall_in_step
from admit.seeding import push_catalogue
from stripe_simulator.server import Running, running_simulator
from tests.engines.simulators import StripeSide
from tests.pages.rooms import Rooms, open_rooms

CLOSE = timedelta(minutes=10)
"""Both clocks run on between two looks at them."""
MONTH_AND_A_DAY = 32 * 86400


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running_simulator() as running:
        yield running


@pytest.fixture
def stripe(simulator: Running) -> Iterator[StripeSide]:
    with StripeSide(simulator.url) as side:
        yield side


@pytest.fixture
async def house(database_url: str, tmp_path: Path, simulator: Running) -> AsyncIterator[Rooms]:
    async with open_rooms(database_url, tmp_path, simulator_url=simulator.url) as opened:
        await push_catalogue(opened.wiring.billing)
        await look(opened)
        yield opened


async def look(house: Rooms) -> None:
    """What happens each second."""
    async with http_to_simulator() as http:
        await fall_in_step(house.wiring.billing, http)


async def hear(house: Rooms) -> None:
    await sweep(house.wiring.billing)
    await house.wiring.worker.drain()


async def buys(house: Rooms, stripe: StripeSide, user: User) -> None:
    who = Person(
        id=user.id,
        email=user.email,
        first_name="Ada",
        last_name="Lovelace",
        initials="AL",
        is_verified=True,
        is_admin=False,
        session_id="ses_1",
    )
    url = await start_checkout(house.wiring.billing, who, price_code="pro-monthly")
    stripe.pays(url.rsplit("/", 1)[1])
    await hear(house)


async def may(house: Rooms, user: User) -> bool:
    async with house.database.read() as db:
        held = await features_of(db, user.id, house.wiring.parts.clock.business())
    return "premium" in held


async def rows(house: Rooms) -> list[tuple[str, bool]]:
    """Status of each mirrored subscription, and whether it is gone."""
    async with house.database.read() as db:
        found = await db.scalars(select(Subscription).order_by(Subscription.created_at))
        return [(row.status, row.deleted) for row in found]


async def test_a_clock_that_stands_still_for_a_test_is_not_followed(
    database_url: str, tmp_path: Path
) -> None:
    long_ago = to_seconds(datetime(2026, 1, 1, tzinfo=UTC))
    with running_simulator(now=long_ago) as standing:
        async with open_rooms(database_url, tmp_path, simulator_url=standing.url) as rooms:
            await look(rooms)

            assert rooms.wiring.parts.clock.offset == timedelta()


async def test_a_restored_snapshot_brings_back_what_had_ended_and_takes_what_came_later(
    house: Rooms, stripe: StripeSide
) -> None:
    ada, _ = await house.person("ada")
    bob, _ = await house.person("bob")
    epoch = str(stripe.get("/_control/clock")["epoch"])
    assert await notice_epoch(house.wiring.billing, epoch) is False
    await buys(house, stripe, ada)
    kept = stripe.get("/_control/snapshot")["snapshot"]
    (subscription,) = stripe.all("/v1/subscriptions")
    stripe.delete(f"/v1/subscriptions/{subscription['id']}")
    await buys(house, stripe, bob)
    assert (await may(house, ada), await may(house, bob)) == (False, True)

    stripe.post("/_control/restore", {"snapshot": kept})
    await look(house)

    assert (await may(house, ada), await may(house, bob)) == (True, False)
    assert sorted(await rows(house)) == [("active", False), ("active", True)]
    await hear(house)
    assert (await may(house, ada), await may(house, bob)) == (True, False)

    await buys(house, stripe, bob)
    assert (await may(house, ada), await may(house, bob)) == (True, True)


async def test_time_is_followed_and_a_reset_ends_what_it_forgot_and_sells_again(
    house: Rooms, stripe: StripeSide
) -> None:
    clock = house.wiring.parts.clock
    assert abs(clock.offset) < CLOSE
    stripe.advance(MONTH_AND_A_DAY)
    await look(house)
    assert abs(clock.offset - timedelta(seconds=MONTH_AND_A_DAY)) < CLOSE
    assert abs(to_seconds(clock.business()) - stripe.now()) < CLOSE.total_seconds()

    ada, browser = await house.person("ada")
    await buys(house, stripe, ada)
    before = await account_id(house)

    stripe.post("/_control/reset")
    await house.wiring.billing.check_account()  # a start does not refuse it
    await look(house)

    assert await may(house, ada) is False
    assert await account_id(house) != before
    assert len(stripe.all("/v1/prices")) > 0
    assert (await browser.get("/account")).status_code == 200
    await buys(house, stripe, ada)
    assert await may(house, ada) is True


async def account_id(house: Rooms) -> str:
    async with house.database.read() as db:
        row = await connected_account(db, mode="simulator")
    assert row is not None
    return row.account_id
