"""`STRIPE_EVENTS=poll`: the whole road without a single delivery."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from admit.billing.subscriptions.models import Subscription
from admit.core.events.models import ScheduleRow
from tests.engines.simulators import Simulators
from tests.engines.world import World, open_world

EVERY = 10
NAME = "all the time: ask Stripe what happened"


@pytest.fixture
async def world(database_url: str, simulators: Simulators) -> AsyncIterator[World]:
    """Only the poll is due; it is, as in a worker, when its time has come."""
    async with open_world(database_url, simulators, stripe_events="poll") as world:
        async with world.database.write() as db:
            await db.execute(delete(ScheduleRow).where(ScheduleRow.name == NAME))
        yield world


async def a_poll_later(world: World) -> None:
    await world.wait(EVERY)
    await world.drain()


async def test_ada_pays_renews_cancels_and_loses_access_and_nothing_was_ever_delivered(
    world: World,
) -> None:
    ada = await world.person("ada")
    await ada.subscribes_to()
    assert "premium" not in await ada.features()
    await a_poll_later(world)
    assert "premium" in await ada.features()

    # A renewal is a draft for an hour, then it is paid.
    await world.move(days=31, hours=2)
    await a_poll_later(world)
    assert len(await world.facts("billing.invoice_paid")) == 2

    (subscription,) = world.stripe.all("/v1/subscriptions")
    path = f"/v1/subscriptions/{subscription['id']}"
    world.stripe.post(path, cancel_at_period_end="true")
    await a_poll_later(world)
    (row,) = await world.rows(Subscription)
    assert (row.cancel_at_period_end, "premium" in await ada.features()) == (True, True)

    world.stripe.breaks("refuse")
    await a_poll_later(world)
    world.stripe.heals()
    await world.move(days=32)
    await a_poll_later(world)

    assert "premium" not in await ada.features()
    told = ["billing.cancellation", "billing.ended", "billing.receipt", "billing.welcome"]
    assert await world.mails() == told
    (cursor,) = [row for row in await world.rows(ScheduleRow) if row.name == NAME]
    assert cursor.next_run_at - world.clock.wall() == timedelta(seconds=EVERY)
