"""An edited price is for those who come later; who was there before renews at the old amount."""

import pytest

from admit.billing.catalog.editing import as_read, change_plan, with_price
from admit.billing.catalog.service import plan_by_code
from tests.billing.catalog.declared import YEARLY, price
from tests.engines.world import Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def sells_at(world: World, code: str, amount: int, *, interval: str = "month") -> None:
    """An administrator gives the price another amount; the worker tells Stripe."""
    async with world.database.write() as db:
        plan = await plan_by_code(db, "pro")
        await change_plan(
            db,
            "pro",
            with_price(price(code, amount, interval=interval), instead_of=code),
            still=as_read(plan.version),
            by="usr_grace",
            now=world.clock.wall(),
        )
    await world.drain()


async def paid(world: World, who: Actor) -> list[int]:
    """Oldest first."""
    invoices = world.stripe.all("/v1/invoices", customer=await who.customer_id())
    return [int(invoice["amount_paid"]) for invoice in reversed(invoices)]


async def test_an_old_subscriber_renews_at_the_old_amount_and_a_new_one_pays_the_new(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to("pro-monthly")
    await world.settle()

    await sells_at(world, "pro-monthly", 1500)
    bea = await world.person("bea")
    await bea.subscribes_to("pro-monthly")
    await world.settle()
    await world.move(days=31, hours=2)
    await world.settle()

    assert await paid(world, ada) == [1200, 1200]
    assert await paid(world, bea) == [1500, 1500]
    assert await ada.features() == await bea.features()
    shown = {
        (row["unit_amount"], row["active"])
        for row in world.stripe.all("/v1/prices")
        if row["nickname"] == "pro-monthly"
    }
    assert shown == {(1200, False), (1500, True)}


@ON_SQLITE
async def test_a_yearly_price_is_renewed_a_year_later_and_edited_like_a_monthly_one(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to("pro-yearly")
    await world.settle()

    await sells_at(world, "pro-yearly", 15000, interval=YEARLY.interval)
    await world.move(days=366, hours=2)
    await world.settle()

    assert await paid(world, ada) == [12000, 12000]
