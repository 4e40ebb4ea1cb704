"""Stripe is gone from one noon to the next: who paid stays in, and it heals without a hand.

Nothing here sweeps, closes or looks by itself: the worker does, by the clock, hour after hour.
"""

from pathlib import Path

from sqlalchemy import delete

from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription
from admit.core.events.models import ScheduleRow
from tests.billing.pages import browser_of
from tests.engines.document import read
from tests.engines.world import Actor, World

EVERYBODY = {"community"}
STEP = 6 * 3600
"""Seconds from one look at the clock to the next, while nobody answers."""
A_DAY = 4 * STEP


async def the_worker_may_work(world: World) -> None:
    async with world.database.write() as db:
        await db.execute(delete(ScheduleRow))


async def pass_time(world: World, seconds: int) -> None:
    for _ in range(seconds // STEP):
        await world.wait(STEP)
        await world.drain()


async def until_before_the_renewal(world: World, subscription: dict[str, object]) -> None:
    """Six hours before the first period's end: its renewal falls into the day without Stripe."""
    items = subscription["items"]
    assert isinstance(items, dict)
    left = items["data"][0]["current_period_end"] - world.stripe.now() - STEP
    await world.wait(left)
    await world.deliver(world.stripe.events())
    await world.drain()


async def test_who_paid_stays_in_who_wants_to_pay_is_told_and_all_of_it_heals(
    world: World, ada: Actor, tmp_path: Path
) -> None:
    bob, eve = await world.person("bob"), await world.person("eve")
    for who in (ada, bob):
        await who.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    for subscription in world.stripe.all("/v1/subscriptions"):
        if subscription["customer"] == await bob.customer_id():
            path = f"/v1/subscriptions/{subscription['id']}"
            world.stripe.post(path, cancel_at_period_end="true")
    await until_before_the_renewal(world, subscription)
    await the_worker_may_work(world)

    world.stripe.breaks("api_500")
    await pass_time(world, A_DAY)
    told = await wants_to_buy(world, eve, tmp_path)
    during = (await ada.features() > EVERYBODY, await bob.features())

    world.stripe.heals()
    await pass_time(world, 2 * STEP)
    await world.settle()

    assert during == (True, EVERYBODY), "Ada's renewal could not be seen; Bob had cancelled"
    assert told == (503, "Payments are not available right now", "30")
    assert await ada.features() > EVERYBODY
    assert await bob.features() == EVERYBODY
    statuses = sorted(row.status for row in await world.rows(Subscription))
    assert statuses == ["active", "canceled"]
    paid = [row for row in await world.rows(Invoice) if row.status == "paid"]
    assert len(paid) == 3, "two first payments, and Ada's renewal"
    assert await world.mails() == [
        "billing.cancellation",
        "billing.ended",
        "billing.receipt",
        "billing.welcome",
        "billing.welcome",
    ]
    await eve.subscribes_to()
    await pass_time(world, STEP)
    assert await eve.features() > EVERYBODY


async def wants_to_buy(world: World, eve: Actor, directory: Path) -> tuple[int, str, str]:
    """Status, heading, and when the page says to try again."""
    async with browser_of(world, eve, directory) as browser:
        answer = await browser.post("/checkout", data={"price": "pro-monthly"})
    (heading,) = read(answer.text).all("h1")
    return answer.status_code, heading.text, answer.headers["retry-after"]
