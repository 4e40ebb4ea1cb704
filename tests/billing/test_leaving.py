"""U8: whoever closes their account is not charged again, and keeps what they paid for."""

from datetime import timedelta

from admit.accounts.audit.service import Method
from admit.accounts.caller import Caller
from admit.accounts.leaving.erasure import erase_due
from admit.accounts.leaving.service import ask_for_deletion, deactivate, reactivate
from admit.accounts.letters import Letters
from admit.accounts.models import User
from admit.billing.invoices.models import Invoice
from admit.billing.subscriptions.models import Subscription
from admit.core.events import EventRow
from admit.holdings import HOLDINGS
from tests.engines.world import Actor, World

HERE = Caller(ip="203.0.113.7", user_agent="Fox")


def letters_of(world: World) -> Letters:
    parts = world.wiring.parts
    return Letters(parts.templates, parts.vault, "Admit", "https://admit.example")


async def test_whoever_deletes_their_account_is_not_charged_again_and_finds_what_they_paid_for(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    async with world.database.write() as db:
        user = await db.get_one(User, ada.person.id)
        await ask_for_deletion(db, letters_of(world), user, caller=HERE, now=world.clock.wall())

    await world.drain()

    (subscription,) = await world.rows(Subscription)
    assert (subscription.status, subscription.cancel_at_period_end) == ("active", True)
    closed = await ada.features()
    async with world.database.write() as db:
        user = await db.get_one(User, ada.person.id)
        letters, now = letters_of(world), world.clock.wall()
        await reactivate(db, letters, user, caller=HERE, now=now, method=Method.staff)
    assert (closed, "premium" in await ada.features()) == (set(), True)


async def test_what_stripe_told_of_somebody_goes_with_them_and_the_books_stay(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    bob = await world.person("bob")
    await bob.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    async with world.database.write() as db:
        user = await db.get_one(User, ada.person.id)
        await ask_for_deletion(db, letters_of(world), user, caller=HERE, now=world.clock.wall())
    await world.drain()
    (before,) = [row for row in await world.rows(Invoice) if await is_of(row, ada)]
    now = world.clock.wall() + timedelta(days=14)

    erased = await erase_due(world.database, letters_of(world), HOLDINGS, now=now)

    told = [row.payload for row in await world.rows(EventRow) if row.source == "stripe"]
    assert erased == 1
    assert [payload for payload in told if "ada@example.test" in payload] == []
    assert any("bob@example.test" in payload for payload in told)
    (after,) = [row for row in await world.rows(Invoice) if await is_of(row, ada)]
    assert (after.number, after.amount_paid) == (before.number, 1200)
    assert "premium" in await bob.features()


async def is_of(invoice: Invoice, actor: Actor) -> bool:
    return invoice.billing_account_id == (await actor.account()).id


async def test_whoever_is_back_before_it_was_told_to_stripe_goes_on(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    letters, now = letters_of(world), world.clock.wall()
    async with world.database.write() as db:
        user = await db.get_one(User, ada.person.id)
        await deactivate(db, letters, user, caller=HERE, now=now, method=Method.staff)
        await reactivate(db, letters, user, caller=HERE, now=now, method=Method.staff)

    await world.drain()

    (subscription,) = await world.rows(Subscription)
    assert subscription.cancel_at_period_end is False
