"""From a price to the page where it is paid: once, whatever tabs, crashes and outages do."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from admit.billing.checkout.models import Checkout
from admit.billing.checkout.returning import Return, ReturnState, state_of_return
from admit.billing.customers.models import BillingAccount
from admit.billing.errors import AlreadySubscribed, ChosenInAnotherTab, UnknownPrice
from admit.billing.gateway import GatewayUnavailable
from tests.engines.simulators import Json, Simulators
from tests.engines.world import Actor, World, open_world


async def test_a_double_click_makes_one_customer_and_one_open_session(
    world: World, ada: Actor
) -> None:
    sessions = await asyncio.gather(*[ada.starts_checkout() for _ in range(20)])

    assert len(set(sessions)) == 1
    assert len(world.stripe.all("/v1/customers")) == 1
    assert [session["id"] for session in open_sessions(world)] == [sessions[0]]


async def test_six_tabs_with_two_prices_leave_one_session_that_can_be_paid(
    world: World, ada: Actor
) -> None:
    for _ in range(5):
        tabs = [ada.starts_checkout(price) for price in ("pro-monthly", "pro-yearly") * 3]
        ended = await asyncio.gather(*tabs, return_exceptions=True)

        (left,) = [session["id"] for session in open_sessions(world)]
        assert left in ended
        assert {type(end) for end in ended} <= {str, ChosenInAnotherTab}
    assert len(world.stripe.all("/v1/customers")) == 1


async def test_ada_chooses_another_price_and_the_first_page_can_no_longer_be_paid(
    world: World, ada: Actor
) -> None:
    monthly = await ada.starts_checkout("pro-monthly")

    yearly = await ada.starts_checkout("pro-yearly")

    statuses = {session["id"]: session["status"] for session in all_sessions(world)}
    assert statuses == {monthly: "expired", yearly: "open"}
    assert {row.price_code: row.status for row in await world.rows(Checkout)} == {
        "pro-monthly": "expired",
        "pro-yearly": "open",
    }


async def test_ada_lets_a_page_expire_and_gets_a_fresh_one(world: World, ada: Actor) -> None:
    first = await ada.starts_checkout()
    await world.move(days=2)

    second = await ada.starts_checkout()

    assert first != second
    assert [session["id"] for session in open_sessions(world)] == [second]


async def test_ada_who_has_subscribed_buys_nothing_again(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    await world.settle()

    with pytest.raises(AlreadySubscribed):
        await ada.starts_checkout("pro-yearly")

    assert open_sessions(world) == []


@pytest.mark.parametrize("price", ["pro-monthly", "pro-yearly"])
async def test_ada_whose_webhook_was_lost_buys_nothing_again(
    world: World, ada: Actor, price: str
) -> None:
    await ada.subscribes_to("pro-monthly")

    with pytest.raises(AlreadySubscribed):
        await ada.starts_checkout(price)

    assert len(subscriptions(world)) == 1
    assert open_sessions(world) == []
    assert "premium" in await ada.features()


async def test_ada_whose_subscription_has_ended_may_buy_again(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    (subscription,) = subscriptions(world)
    world.stripe.delete(f"/v1/subscriptions/{subscription['id']}")
    await world.settle()

    await ada.subscribes_to("pro-yearly")
    await world.settle()

    assert len(world.stripe.all("/v1/customers")) == 1
    assert sorted(row["status"] for row in subscriptions(world)) == ["active", "canceled"]
    assert "premium" in await ada.features()


@pytest.mark.parametrize("price", ["", "pro", "pro-weekly", "' OR 1=1 --"])
async def test_a_price_that_is_not_on_offer_is_refused(
    world: World, ada: Actor, price: str
) -> None:
    with pytest.raises(UnknownPrice):
        await ada.starts_checkout(price)

    assert world.stripe.all("/v1/customers") == []


@pytest.mark.parametrize(
    "path", ["/v1/customers", "/v1/checkout/sessions"], ids=["customer", "session"]
)
@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "api_500"},
        {"mode": "api_500", "after": True},
        {"mode": "refuse"},
        {"mode": "refuse", "after": True},
        {"mode": "rate_limit"},
        {"mode": "hang", "seconds": 2},
        {"mode": "hang", "seconds": 2, "after": True},
    ],
    ids=str,
)
async def test_stripe_does_not_answer_and_nothing_is_half_done(
    impatient: tuple[World, Actor], path: str, fault: Json
) -> None:
    world, ada = impatient
    world.stripe.breaks(**fault, path=path)
    with pytest.raises(GatewayUnavailable):
        await ada.starts_checkout()
    assert await ada.features() == {"community"}
    assert subscriptions(world) == []
    world.stripe.heals()

    session = await ada.starts_checkout()
    world.stripe.pays(session)
    await world.settle()

    assert len(world.stripe.all("/v1/customers")) == 1
    assert [row["id"] for row in all_sessions(world)] == [session]
    assert "premium" in await ada.features()


async def test_a_slow_stripe_is_waited_for(impatient: tuple[World, Actor]) -> None:
    world, ada = impatient
    world.stripe.breaks("slow", seconds=0.2)

    session = await ada.starts_checkout()

    world.stripe.heals()
    assert [row["id"] for row in open_sessions(world)] == [session]


async def test_a_page_whose_address_got_lost_is_shown_to_nobody_and_ada_buys_once(
    impatient: tuple[World, Actor],
) -> None:
    """The monthly session was made, its answer never came; then she chooses the other price."""
    world, ada = impatient
    world.stripe.breaks("refuse", path="/v1/checkout/sessions", after=True)
    with pytest.raises(GatewayUnavailable):
        await ada.starts_checkout("pro-monthly")
    world.stripe.heals()
    (lost,) = [session["id"] for session in open_sessions(world)]

    yearly = await ada.subscribes_to("pro-yearly")
    await world.settle()

    assert yearly != lost
    assert len(subscriptions(world)) == 1
    with pytest.raises(AlreadySubscribed):
        await ada.starts_checkout("pro-monthly")


async def test_a_customer_whose_id_was_lost_in_a_crash_is_found_by_its_metadata(
    world: World, ada: Actor
) -> None:
    first = await ada.starts_checkout()
    customer = await ada.customer_id()
    await forget_customer(world)
    # Past the day for which Stripe remembers idempotency keys nothing else would find it.
    await world.move(days=40)

    second = await ada.starts_checkout()

    assert first != second
    assert await ada.customer_id() == customer
    assert [found["id"] for found in world.stripe.all("/v1/customers")] == [customer]


async def test_a_customer_with_the_same_address_is_never_adopted(world: World, ada: Actor) -> None:
    stranger = world.stripe.post("/v1/customers", email=ada.person.email)["id"]

    await ada.starts_checkout()

    assert await ada.customer_id() != stranger


async def test_an_event_links_a_customer_that_a_crash_kept_from_us(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    customer = await ada.customer_id()
    await forget_customer(world)

    await world.deliver(world.stripe.events())
    await world.drain()
    await world.settle()

    assert await ada.customer_id() == customer
    assert "premium" in await ada.features()
    assert await world.mails() == ["billing.welcome"]


async def test_a_deleted_customer_is_replaced_by_a_new_one(world: World, ada: Actor) -> None:
    await ada.starts_checkout()
    customer = await ada.customer_id()
    world.stripe.delete(f"/v1/customers/{customer}")
    await world.settle()

    await ada.subscribes_to()
    await world.settle()

    assert await ada.customer_id() != customer
    assert "premium" in await ada.features()


async def test_the_return_page_knows_at_once_and_tells_nobody_else(
    world: World, ada: Actor
) -> None:
    eve = await world.person("eve")
    session = await ada.starts_checkout()
    waiting = await state_of_return(world.billing, ada.person, session)
    world.stripe.pays(session)

    own = await state_of_return(world.billing, ada.person, session)
    foreign = await state_of_return(world.billing, eve.person, session)
    invented = await state_of_return(world.billing, ada.person, "cs_test_of_nobody")

    assert waiting == Return(ReturnState.waiting, "Pro", "pro-monthly")
    assert own == Return(ReturnState.active, "Pro", "pro-monthly")
    assert "premium" in await ada.features()
    assert (foreign, invented) == (Return(ReturnState.unknown), Return(ReturnState.unknown))
    assert await eve.features() == {"community"}


async def test_the_return_page_waits_while_stripe_is_down(world: World, ada: Actor) -> None:
    session = await ada.subscribes_to()
    world.stripe.breaks("api_500")
    waiting = await state_of_return(world.billing, ada.person, session)
    world.stripe.heals()

    known = await state_of_return(world.billing, ada.person, session)

    assert (waiting.state, known.state) == (ReturnState.waiting, ReturnState.active)


@pytest.fixture
async def impatient(
    database_url: str, simulators: Simulators
) -> AsyncIterator[tuple[World, Actor]]:
    """Half a second is as long as Admit waits for Stripe."""
    async with open_world(database_url, simulators, stripe_timeout_seconds=0.5) as world:
        yield world, await world.person("ada")


async def forget_customer(world: World) -> None:
    async with world.database.write() as db:
        await db.execute(update(BillingAccount).values(stripe_customer_id=None))


def all_sessions(world: World) -> list[Json]:
    return world.stripe.all("/v1/checkout/sessions")


def open_sessions(world: World) -> list[Json]:
    return [session for session in all_sessions(world) if session["status"] == "open"]


def subscriptions(world: World) -> list[Json]:
    return world.stripe.all("/v1/subscriptions", status="all")
