"""The table of events is whole, and every event in it ends in the same state in any version."""

from typing import get_args

import pytest
from sqlalchemy import func, select
from stripe.params import WebhookEndpointCreateParams

from admit.billing.customers.mirror import ACCOUNT_METADATA
from admit.billing.disputes.models import Dispute
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import InvoicePayment, Payment
from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.notices import NOTED
from admit.billing.refunds.models import Refund
from admit.billing.subscriptions.models import Subscription
from admit.billing.webhooks.routing import NOTICES, ROUTES
from admit.core.events.models import EventRow, Progress, ReactionRow
from admit.core.events.repository import prune_unclaimed
from tests.billing.test_money_back import charges, facts, money_of
from tests.billing.truth import EVERYBODY, SUBSCRIBERS
from tests.engines.simulators import OLD_VERSION
from tests.engines.world import TAKEN, Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
BASIL = "2025-03-31.basil"
MONEY = (Subscription, Invoice, Payment, InvoicePayment, Refund, Dispute)


def test_every_type_is_one_that_stripe_sends_and_has_a_reason_and_a_mirror() -> None:
    known = get_args(get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])[0])

    assert len(known) > 200
    assert ROUTES.keys() - set(known) == set()
    assert [name for name, route in ROUTES.items() if not route.why] == []
    assert {route.kind for route in ROUTES.values()} - MIRRORS.keys() == set()
    assert NOTED.keys() == NOTICES


@ON_SQLITE
@pytest.mark.parametrize("version", [None, BASIL, OLD_VERSION])
async def test_a_life_told_in_any_version_ends_in_the_same_state(
    world: World, ada: Actor, version: str | None
) -> None:
    """Bought and partly refunded; renewed, and lost to the bank; the third payment failed once,
    and the fourth refund was sent back."""
    await ada.subscribes_to()
    await hear_in(world, version)
    (first,) = charges(world)
    world.stripe.post("/v1/refunds", charge=first["id"], amount="500")
    await world.move(days=32)
    await hear_in(world, version)
    second = charges(world)[0]
    lost = world.stripe.post("/_control/disputes", {"charge": second["id"]})["dispute"]
    await hear_in(world, version)
    world.stripe.post(f"/_control/disputes/{lost}", {"outcome": "lost"})
    await hear_in(world, version)
    closed = await ada.features()
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    await world.move(days=34)
    await hear_in(world, version)
    third = next(one for one in charges(world) if one["status"] == "succeeded")
    sent_back = world.stripe.post("/v1/refunds", charge=third["id"])["id"]
    world.stripe.post(f"/_control/refunds/{sent_back}/fail")
    await hear_in(world, version)

    assert (closed, await ada.features()) == (EVERYBODY, SUBSCRIBERS)
    assert await money_of(world) == [
        ("paid", 1200, 0),
        ("disputed", 1200, 0),
        ("partly_refunded", 1200, 500),
    ]
    assert sorted((row.standing, row.amount) for row in await world.rows(Payment)) == [
        ("disputed", 1200),
        ("failed", 1200),
        ("paid", 1200),
        ("partly_refunded", 1200),
    ]
    assert len(await world.rows(InvoicePayment)) == 3
    assert [name for name, _ in await facts(world)] == [
        "billing.dispute_closed",
        "billing.dispute_money_moved",
        "billing.dispute_opened",
        "billing.refund_failed",
        "billing.refund_made",
        "billing.refund_made",
    ]
    assert len(await world.facts("billing.payment_failed")) == 1
    assert len(await world.facts("billing.renewal_coming")) == 2
    assert {row.progress for row in await world.rows(ReactionRow)} <= {
        Progress.done,
        Progress.waiting,
    }


async def test_what_another_application_sells_on_the_same_account_is_left_alone(
    world: World, ada: Actor
) -> None:
    """A customer with our metadata that is not ours, a guest, and all that may happen to money."""
    await ada.subscribes_to()
    await world.deliver(world.stripe.events())
    await world.drain()
    ours = await counts(world)
    not_ours = {f"metadata[{ACCOUNT_METADATA}]": "ba_of_another_site"}
    stranger = world.stripe.post("/v1/customers", None, email="ada@example.test", **not_ours)["id"]
    for customer in ({"customer": stranger}, {}):
        paid = {"amount": "900", "currency": "eur", "payment_method": "pm_card_visa"}
        paid |= customer
        intent = world.stripe.post("/v1/payment_intents", None, confirm="true", **paid)
        world.stripe.post("/v1/refunds", charge=intent["latest_charge"], amount="100")
        world.stripe.post("/_control/disputes", {"charge": intent["latest_charge"]})
    invoice = world.stripe.post(
        "/v1/invoices", customer=stranger, collection_method="send_invoice", days_until_due="7"
    )
    world.stripe.post(f"/v1/invoices/{invoice['id']}/finalize")
    for version in (None, BASIL):
        await world.deliver(world.stripe.events(version=version))
        await world.drain()

    assert await counts(world) == ours
    assert await ada.features() == SUBSCRIBERS
    assert await world.mails() == ["billing.welcome"]
    waits = {row.progress for row in await world.rows(ReactionRow)} - {Progress.waiting}
    assert waits == {Progress.done, Progress.unclaimed}

    await world.wait(130)
    await world.drain()
    async with world.database.write() as db:
        await prune_unclaimed(db, before=world.clock.wall())

    assert {row.progress for row in await world.rows(ReactionRow)} == {Progress.done}
    assert {row.disposition for row in await world.rows(EventRow)} == {"routed", "unrouted"}


@ON_SQLITE
async def test_s2_33_stripe_is_never_told_that_it_comes_too_often(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    told = world.stripe.events()

    answers = [await world.post(told[place % len(told)].payload) for place in range(300)]

    assert {(answer.status_code, answer.text) for answer in answers} == {TAKEN}


async def hear_in(world: World, version: str | None) -> None:
    """In this version what has not come before; a known id changes nothing."""
    await world.deliver(world.stripe.events(version=version))
    await world.drain()


async def counts(world: World) -> list[int | None]:
    async with world.database.read() as db:
        return [await db.scalar(select(func.count()).select_from(table)) for table in MONEY]
