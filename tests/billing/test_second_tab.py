"""However tabs and outages meet: one session can be paid, and one subscription is bought."""

import asyncio

import pytest

from admit.billing.catalog.models import Price
from admit.billing.checkout.models import Checkout
from admit.billing.checkout.repository import Checkouts
from admit.billing.checkout.service import start_checkout
from admit.billing.errors import AlreadySubscribed
from admit.billing.gateway import GatewayUnavailable
from admit.billing.subscriptions.models import Subscription
from tests.engines.world import Actor, World


def open_sessions(world: World) -> list[str]:
    sessions = world.stripe.all("/v1/checkout/sessions")
    return [session["id"] for session in sessions if session["status"] == "open"]


async def test_who_has_paid_buys_nothing_again_before_the_subscription_is_known(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    (completed,) = [
        told for told in world.stripe.events() if told.type == "checkout.session.completed"
    ]
    world.stripe.breaks("api_500", path="/v1/subscriptions")
    await world.deliver([completed])
    await world.drain()

    with pytest.raises(GatewayUnavailable):
        await ada.starts_checkout()
    world.stripe.heals()
    with pytest.raises(AlreadySubscribed):
        await ada.starts_checkout()

    assert open_sessions(world) == []
    assert len(await world.rows(Subscription)) == 1


async def test_a_tab_that_gives_up_waits_for_the_one_that_stores_its_session(
    world: World, ada: Actor
) -> None:
    """The first tab has its session from Stripe and is about to commit its id."""
    monthly = await ada.starts_checkout("pro-monthly")
    (wish,) = await world.rows(Checkout)
    async with world.database.write() as db:
        (await db.get_one(Checkout, wish.id)).stripe_session_id = None

    async with world.database.write() as db:
        row = await Checkouts(db).lock(wish.id)
        row.stripe_session_id = monthly
        await db.flush()
        second = asyncio.create_task(ada.starts_checkout("pro-yearly"))
        await asyncio.sleep(0.5)

    yearly = await second
    assert open_sessions(world) == [yearly]


async def test_a_price_that_changed_since_is_not_paid_in_the_old_session(
    world: World, ada: Actor
) -> None:
    before = await ada.starts_checkout()
    wanted = {
        "product": world.stripe.all("/v1/prices")[0]["product"],
        "currency": "usd",
        "unit_amount": "9900",
        "recurring[interval]": "month",
    }
    other_price = world.stripe.post("/v1/prices", None, **wanted)["id"]
    async with world.database.write() as db:
        for price in await world.rows(Price):
            if price.code == "pro-monthly" and price.active:
                (await db.get_one(Price, price.id)).stripe_price_id = other_price

    after = await ada.starts_checkout()

    assert after != before
    assert open_sessions(world) == [after]


async def test_an_answer_that_got_lost_does_not_hold_on_to_the_former_price(
    world: World, ada: Actor
) -> None:
    world.stripe.breaks("api_500", path="/v1/checkout/sessions", after=True)
    with pytest.raises(GatewayUnavailable):
        await ada.starts_checkout()
    world.stripe.heals()
    async with world.database.write() as db:
        for price in await world.rows(Price):
            if price.code == "pro-monthly":
                (await db.get_one(Price, price.id)).trial_days = 7

    session = await ada.starts_checkout()

    world.stripe.pays(session)
    await world.settle()
    assert [row.status for row in await world.rows(Subscription)] == ["trialing"]


async def test_a_customer_that_was_deleted_without_a_word_is_replaced(
    world: World, ada: Actor
) -> None:
    world.stripe.post(f"/v1/checkout/sessions/{await ada.starts_checkout()}/expire")
    former = await ada.customer_id()
    world.stripe.delete(f"/v1/customers/{former}")

    session = await ada.starts_checkout()

    assert await ada.customer_id() != former
    assert world.stripe.get(f"/v1/checkout/sessions/{session}")["customer"] == (
        await ada.customer_id()
    )


async def test_what_a_replaced_customer_had_ends_although_its_event_came_late(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    former = await ada.customer_id()
    world.stripe.delete(f"/v1/customers/{former}")
    told = {event.type: event for event in world.stripe.events()}
    await world.deliver([told["customer.deleted"]])
    await world.drain()
    with pytest.raises(AlreadySubscribed):
        await start_checkout(world.billing, ada.person, price_code="pro-monthly")
    assert await ada.customer_id() != former

    await world.settle()

    assert [row.status for row in await world.rows(Subscription)] == ["canceled"]
    assert "premium" not in await ada.features()
    assert await ada.starts_checkout() in open_sessions(world)
