"""From one Stripe account to another and back: people stay, what cannot go on ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from admit.access.service import grant
from admit.billing.catalog.models import Price
from admit.billing.connection.switching import NothingToSwitch, plan_switch, switch
from admit.billing.context import Billing
from admit.billing.errors import OtherStripeAccount
from admit.billing.stripe_account import newest_account
from admit.billing.subscriptions.models import Subscription
from admit.core.clock import to_seconds
from stripe_simulator.server import running_simulator
from tests.billing.connection.terminal import Terminal
from tests.engines.simulators import StripeSide
from tests.engines.world import Actor, World, door_of, open_admit

EVERYBODY = {"community"}
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


class Killed(Exception):
    """The process, in the middle of it."""


@dataclass
class Dying:
    """A reader of the progress who lives for so many steps."""

    steps: int

    def __call__(self, what: str, done: int, of: int) -> None:
        del what, done, of
        self.steps -= 1
        if self.steps < 0:
            raise Killed


def quiet(what: str, done: int, of: int) -> None:
    del what, done, of


@asynccontextmanager
async def another_account(world: World) -> AsyncIterator[World]:
    """The same database with a key of another account, in test mode; its time is the wall's."""
    start = world.clock.wall()
    with running_simulator(now=to_seconds(start)) as other, StripeSide(other.url) as stripe:
        admit = open_admit(
            world.database.url,
            other.url,
            start=start,
            stripe_secret_key="sk_test_of_the_shop",
            stripe_api_base=other.url,
        )
        async with admit as (wiring, clock), door_of(wiring) as door:
            yield World(wiring=wiring, clock=clock, stripe=stripe, door=door)


async def account_of(world: World) -> str:
    return str((await world.billing.gateway.get("/v1/account"))["id"])


async def change_over(world: World) -> None:
    await switch(world.billing, await account_of(world), tell=quiet)


async def refuses_to_start(billing: Billing) -> bool:
    try:
        await billing.check_account()
    except OtherStripeAccount as refusal:
        return "admit stripe switch" in refusal.mend
    return False


async def test_people_stay_what_cannot_go_on_ends_and_going_back_takes_it_up_again(
    world: World, ada: Actor
) -> None:
    bob = await world.person("bob")
    await ada.subscribes_to()
    await world.settle()
    await world.move(days=3)
    async with world.database.write() as db:
        await grant(
            db,
            user_id=bob.person.id,
            feature="premium",
            until=None,
            reason="A guest.",
            now=world.clock.business(),
        )
    await world.move(days=3)

    async with another_account(world) as there:
        assert await refuses_to_start(there.billing)
        plan = await plan_switch(there.billing, await account_of(there))
        assert [(each.email, each.plan, each.status) for each in plan.ending] == [
            ("ada@example.test", "Pro", "active")
        ]
        assert (plan.people, plan.returning) == (2, 0)
        assert await ada.features() > EVERYBODY, "a plan changes nothing"

        await change_over(there)

        here = Actor(there, ada.person)
        assert (await here.features(), await refuses_to_start(there.billing)) == (EVERYBODY, False)
        assert "premium" in await Actor(there, bob.person).features()
        assert there.clock.offset.total_seconds() == 0
        assert sorted(price["unit_amount"] for price in there.stripe.all("/v1/prices")) == sorted(
            price.amount for price in await there.rows(Price)
        )
        with pytest.raises(NothingToSwitch):
            await plan_switch(there.billing, await account_of(there))

        # An event of the former account, sent once more, concerns nobody here.
        await there.deliver(world.stripe.events())
        await there.drain()
        assert await here.features() == EVERYBODY

        await here.subscribes_to()
        await there.settle()
        assert await here.features() > EVERYBODY

    assert await refuses_to_start(world.billing)
    await change_over(world)
    assert (await ada.features() > EVERYBODY, await refuses_to_start(world.billing)) == (
        True,
        False,
    )
    standing = sorted((row.status, row.deleted) for row in await world.rows(Subscription))
    assert standing == [("active", False), ("active", True)]


@ON_SQLITE
async def test_it_may_die_at_any_step_and_is_repeated_to_its_end_or_back(
    world: World, ada: Actor
) -> None:
    bob = await world.person("bob")
    for person in (ada, bob):
        await person.subscribes_to()
    await world.settle()

    async with another_account(world) as there:
        account_id = await account_of(there)
        for steps in (0, 1):
            with pytest.raises(Killed):
                await switch(there.billing, account_id, tell=Dying(steps))
            assert await refuses_to_start(there.billing)
            assert await refuses_to_start(world.billing), "half of it is gone"

        # Whoever changes their mind now goes back.
        await change_over(world)
        assert not await refuses_to_start(world.billing)
        assert await ada.features() == await bob.features() > EVERYBODY

        await change_over(there)
        assert await ada.features() == await bob.features() == EVERYBODY
        async with there.database.read() as db:
            in_use = await newest_account(db)
        assert in_use is not None
        assert (in_use.account_id, in_use.mode) == (account_id, "test")


@ON_SQLITE
def test_the_command_says_whose_access_ends_before_anything_does(terminal: Terminal) -> None:
    terminal.lines("seed")
    here = terminal.stripe.get("/v1/account")["id"]
    same = terminal.lines("stripe", "switch")
    with running_simulator() as other, StripeSide(other.url) as stripe:
        there = {"STRIPE_API_BASE": other.url}
        refused = terminal.types("seed", **there)
        planned = terminal.lines("stripe", "switch", "--dry-run", **there)
        offered = stripe.all("/v1/products")
        done = terminal.lines("stripe", "switch", "--yes", **there)
        again = terminal.lines("stripe", "switch", **there)

    assert same == [f"This database belongs to {here} (test) already."]
    assert (refused.exit_code, offered) == (1, [])
    assert planned[0].startswith(f"From {here} (test) to acct_")
    assert planned[-1] == "0 subscriptions cannot go on, and end with what they open:"
    assert done[-1] == "Next: `admit stripe setup`, then start the server."
    assert again[0].endswith(" (test) already.")


@ON_SQLITE
def test_everything_is_compared_and_counted_from_the_terminal(terminal: Terminal) -> None:
    terminal.lines("seed")
    customer = terminal.stripe.post("/v1/customers", None, email="ada@example.com")

    lines = terminal.lines("sync")

    (counted,) = [line for line in lines if line.startswith("│ customer")]
    assert [cell.strip() for cell in counted.split("│")[2:-1]] == ["0", "1", "0", "0", "1", "0"]
    assert customer["id"].startswith("cus_")
