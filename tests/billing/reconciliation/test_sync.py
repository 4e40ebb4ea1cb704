"""`admit sync`: all of Stripe's lists become our rows, however often it is interrupted."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, update

from admit.access.models import GrantRow
from admit.billing.customers.models import BillingAccount
from admit.billing.gateway import GatewayUnavailable
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.reconciliation.models import Drift, MirrorRow, SyncCursor, SyncRun
from admit.billing.reconciliation.sync import sync
from admit.billing.subscriptions.models import Subscription, SubscriptionItem
from tests.billing.truth import ask_for_truth, invoice_rows, subscription_rows
from tests.engines.world import Actor, World

PAST_LAG = 61
"""Seconds after which an event says nothing about whether Stripe's lists have caught up."""


class Killed(Exception):
    """The process, between two pages."""


def quiet(_kind: str, _cursor: SyncCursor) -> None:
    """Nobody watches."""


async def synced(world: World) -> dict[str, tuple[int, int, int]]:
    """By kind what was seen, added, and changed."""
    found: Sequence[SyncCursor] = await sync(world.billing, anew=False, tell=quiet)
    return {row.kind: (row.seen, row.added, row.changed) for row in found}


async def nothing_is_known(world: World) -> None:
    """As after the loss of everything but people and their customers."""
    async with world.database.write() as db:
        for table in (GrantRow, SubscriptionItem, Subscription, InvoicePayment, Payment, Invoice):
            await db.execute(delete(table))


async def columns_of(
    world: World, table: type[MirrorRow], names: Sequence[str]
) -> dict[str, dict[str, object]]:
    rows = await world.rows(table)
    return {row.id: {name: getattr(row, name) for name in names} for row in rows}


async def test_everything_is_read_repaired_and_opens_what_it_should(
    world: World, ada: Actor
) -> None:
    bob = await world.person("bob")
    for who in (ada, bob):
        await who.subscribes_to()
    await world.settle()
    await world.move(days=32)
    world.stripe.post("/v1/customers", email="stranger@example.test")
    await nothing_is_known(world)
    await world.wait(PAST_LAG)
    async with world.database.write() as db:
        await db.execute(update(BillingAccount).values(looked_at=None))

    first = await synced(world)

    assert await ada.features() == await bob.features() > {"community"}
    assert (first["subscription"], first["invoice"]) == ((2, 2, 0), (4, 4, 0))
    for who in (ada, bob):
        truth = ask_for_truth(world.stripe, await who.customer_id())
        for table, told in ((Subscription, subscription_rows), (Invoice, invoice_rows)):
            wanted = told(truth)
            names = list(next(iter(wanted.values())))
            ours = await columns_of(world, table, names)
            assert {id_: ours[id_] for id_ in wanted} == wanted
    assert None not in {row.looked_at for row in await world.rows(BillingAccount)}

    # A look at all of it again finds nothing to do, and says so.
    await world.settle()
    again = await synced(world)
    assert {counts[1:] for counts in again.values()} == {(0, 0)}
    assert again["customer"][0] == 3

    # What somebody falsified is repaired, and kept with both values.
    async with world.database.write() as db:
        await db.execute(update(Subscription).values(quantity=5))
    await world.wait(PAST_LAG)
    repaired = await synced(world)
    assert repaired["subscription"] == (2, 0, 2)
    assert {row.quantity for row in await world.rows(Subscription)} == {1}
    assert {(row.field, row.ours) for row in await world.rows(Drift)} == {("quantity", "5")}


async def test_who_is_interrupted_goes_on_where_it_was(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    await world.settle()
    await nothing_is_known(world)
    await world.wait(PAST_LAG)
    pages: list[str] = []

    def dies(kind: str, _cursor: SyncCursor) -> None:
        pages.append(kind)
        if kind == "charge":
            raise Killed

    with pytest.raises(Killed):
        await sync(world.billing, anew=False, tell=dies)
    world.stripe.breaks("api_500", path="/v1/refunds")
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(GatewayUnavailable):
        await sync(world.billing, anew=False, tell=quiet, pause=wait)
    world.stripe.heals()
    rest: list[str] = []
    await sync(world.billing, anew=False, tell=lambda kind, _: rest.append(kind))

    assert pages == ["customer", "invoice", "charge"]
    assert waits == [1, 2, 5, 15, 30]
    assert rest == ["refund", "dispute", "subscription_schedule", "subscription"]
    assert "premium" in await ada.features()
    (run,) = await world.rows(SyncRun)
    assert run.finished_at is not None


async def test_what_events_still_tell_of_is_left_to_the_road_of_every_look(
    world: World, ada: Actor
) -> None:
    """Paid this very second: Stripe's lists may lag behind its events."""
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())

    found = await synced(world)
    await world.settle()

    assert (found["subscription"], found["invoice"]) == ((1, 0, 0), (1, 0, 0))
    assert "premium" in await ada.features()
    assert await world.mails() == ["billing.welcome"]


async def test_what_no_list_shows_is_asked_for(world: World, ada: Actor) -> None:
    before = world.stripe.get("/_control/snapshot")["snapshot"]
    await ada.subscribes_to()
    await world.settle()
    world.stripe.post("/_control/restore", {"snapshot": before})
    await world.move(days=40)

    await synced(world)

    missing = {row.kind for row in await world.rows(Drift) if row.repaired_at is None}
    assert {"invoice", "subscription"} <= missing
    assert "premium" in await ada.features(), "that is no word of Stripe's"
