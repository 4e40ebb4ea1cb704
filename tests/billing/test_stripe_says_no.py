"""One object that Stripe does not know, or refuses, ends nothing and holds up nobody."""

import asyncio

import pytest

from admit.access.service import hold
from admit.billing.changes.service import cancel_at_period_end
from admit.billing.customers.models import BillingAccount
from admit.billing.customers.repository import BillingAccounts
from admit.billing.effects import settle_plan
from admit.billing.errors import NothingToChange
from admit.billing.reconciliation.mirrors import Look
from admit.billing.reconciliation.ordering import Source
from admit.billing.reconciliation.repository import take_number
from admit.billing.reconciliation.service import writing_of
from admit.billing.reconciliation.sweep import look_at_customers
from admit.billing.subscriptions.mirror import SubscriptionMirror
from admit.billing.subscriptions.models import Subscription
from admit.core.events import EventRow, Occurrence, Progress, ReactionRow
from tests.engines.simulators import Json
from tests.engines.world import START, Actor, World

LEEWAY_OVER = 40
"""Days after which a monthly subscription that is not renewed has run out."""


def snapshot_of(world: World) -> Json:
    return {"snapshot": world.stripe.get("/_control/snapshot")["snapshot"]}


async def test_an_object_that_stripe_lost_keeps_its_access_and_raises_an_alarm(
    world: World, ada: Actor
) -> None:
    before = snapshot_of(world)
    await ada.subscribes_to()
    await world.settle()
    world.stripe.post("/_control/restore", before)
    await world.move(days=LEEWAY_OVER)

    await world.close_overdue()

    assert "premium" in await ada.features()
    assert len(await world.facts("billing.drift_found")) == 1


async def test_one_that_cannot_be_looked_at_does_not_keep_the_others_open(
    world: World, ada: Actor
) -> None:
    """Stripe refuses the first address; the second, of Bob, has not been paid for a long time."""
    bob = await world.person("bob")
    await bob.subscribes_to()
    await world.settle()
    async with world.database.write() as db:
        await hold(
            db,
            user_id=ada.person.id,
            source="subscription",
            source_id="sub_!?no_such_parameter=1",
            features={"premium": None},
            ends_at=None,
            review_at=START,
            now=START,
            reason="paid",
        )
    world.stripe.next_charges(await bob.customer_id(), "generic_decline", times=20)
    await world.move(days=LEEWAY_OVER)

    await world.close_overdue()

    assert "premium" not in await bob.features()
    assert "premium" in await ada.features()


async def test_a_customer_that_stripe_does_not_know_keeps_nobody_from_their_turn(
    world: World, ada: Actor
) -> None:
    bob = await world.person("bob")
    before = snapshot_of(world)
    await ada.starts_checkout()
    world.stripe.post("/_control/restore", before)
    await bob.subscribes_to()

    await look_at_customers(world.billing)

    assert "premium" in await bob.features()
    assert None not in {row.looked_at for row in await world.rows(BillingAccount)}


async def test_a_deletion_that_nobody_told_is_found_by_the_comparison(
    world: World, ada: Actor
) -> None:
    await ada.starts_checkout()
    world.stripe.delete(f"/v1/customers/{await ada.customer_id()}")

    await look_at_customers(world.billing)

    assert (await ada.account()).customer_deleted_at is not None


async def test_a_plan_that_opens_more_gives_nothing_back_to_who_ends_meanwhile(
    world: World, ada: Actor
) -> None:
    """The end is being written while the plan's change waits for the person's lock."""
    await ada.subscribes_to()
    await world.settle()
    (row,) = await world.rows(Subscription)
    world.stripe.delete(f"/v1/subscriptions/{row.id}")
    changed = Occurrence("admit:1", "", None, 0, {"plan_code": "pro"})

    async def settle_the_plan() -> None:
        async with world.database.write() as db:
            await settle_plan(world.billing).apply(db, changed, None)

    async with world.database.write() as db:
        account = await BillingAccounts(db).lock(row.billing_account_id)
        settling = asyncio.create_task(settle_the_plan())
        await asyncio.sleep(0.5)
        mirror = SubscriptionMirror()
        shape = mirror.read(world.stripe.get(f"/v1/subscriptions/{row.id}"))
        look = Look(await take_number(db), Source.fetch, world.stripe.now())
        await mirror.write(writing_of(world.billing, db, account, look), shape)
    await settling

    assert "premium" not in await ada.features()


async def test_who_cancels_what_has_ended_meanwhile_is_told_so(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    await world.settle()
    (row,) = await world.rows(Subscription)
    world.stripe.delete(f"/v1/subscriptions/{row.id}")

    with pytest.raises(NothingToChange):
        await cancel_at_period_end(world.billing, ada.person)

    assert [row.status for row in await world.rows(Subscription)] == ["canceled"]


async def test_an_event_of_a_type_of_another_version_waits_and_the_rest_goes_on(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    async with world.database.write() as db:
        now = world.clock.wall()
        db.add(
            EventRow(
                id="stripe:evt_of_tomorrow",
                source="stripe",
                name="invoice.of_tomorrow",
                subject="in_1",
                occurred=1,
                received_at=now,
                payload='{"data": {"object": {"id": "in_1"}}}',
            )
        )
        await db.flush()
        db.add(ReactionRow(event_id="stripe:evt_of_tomorrow", name="billing.reconcile", due_at=now))

    await world.drain()

    waiting = [
        row.event_id for row in await world.rows(ReactionRow) if row.progress == Progress.waiting
    ]
    assert "premium" in await ada.features()
    assert "stripe:evt_of_tomorrow" in waiting
