"""What has run out: access ends by Stripe's word or after the grace, and only after asking."""

import json

import pytest

from admit.billing.gateway import GatewayUnavailable
from admit.billing.subscriptions.models import Subscription
from tests.engines.simulators import Json
from tests.engines.world import Actor, World

EVERYTHING = {"community", "premium", "exports", "projects", "priority-support"}
NOTHING_PAID = {"community"}


async def test_a_renewal_that_fails_keeps_access_for_seven_days_of_grace(
    world: World, ada: Actor
) -> None:
    await ada_cannot_pay(world, ada)
    await hear_everything(world)
    assert await status(world) == "past_due"
    # The invoice was due an hour after the period's end; she has seven days from then.
    await world.move(days=6, hours=22)
    await world.close_overdue()
    within = await ada.features()

    await world.move(hours=2)
    await world.close_overdue()

    assert (within, await ada.features()) == (EVERYTHING, NOTHING_PAID)
    assert await status(world) == "past_due"


async def test_who_pays_after_the_grace_is_let_in_again(world: World, ada: Actor) -> None:
    await ada_cannot_pay(world, ada, times=2)
    await hear_everything(world)
    await world.move(days=7, hours=12)
    await world.close_overdue()
    closed = await ada.features()

    # Stripe's third attempt, eight days after the first, goes through.
    await world.move(days=1)
    await hear_everything(world)

    assert (closed, await ada.features()) == (NOTHING_PAID, EVERYTHING)
    assert await world.mails() == [
        *["billing.payment_failed"] * 2,
        "billing.receipt",
        "billing.welcome",
    ]


async def test_a_failed_renewal_is_mailed_though_an_old_payload_shows_who_is_still_buying(
    world: World, ada: Actor
) -> None:
    """Of all events only the first of the subscription and that of the failure have come."""
    await ada.subscribes_to()
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    (subscription,) = world.stripe.all("/v1/subscriptions")
    left = period_end(subscription) - world.stripe.now()
    await world.move(minutes=left // 60, hours=2)
    told = {event.type: event for event in reversed(world.stripe.events())}

    await world.deliver([told["customer.subscription.created"]])
    await world.drain()
    assert await status(world) == "incomplete"
    await world.deliver([told["invoice.payment_failed"]])
    await world.drain()

    assert "billing.payment_failed" in await world.mails()


async def test_who_has_paid_meanwhile_keeps_access_though_no_event_told_so(
    world: World, ada: Actor
) -> None:
    """Asked before it closes, Stripe says that the renewal has been paid."""
    await ada_cannot_pay(world, ada, times=1)
    await hear_everything(world)
    # Past the grace; the second attempt, after three days, went through, and nobody told us.
    await world.move(days=8)

    await world.close_overdue()

    assert await ada.features() == EVERYTHING
    assert await status(world) == "active"


async def test_a_renewal_that_nobody_told_of_keeps_access(world: World, ada: Actor) -> None:
    await subscribes_and_is_known(world, ada)
    await world.move(days=36)

    await world.close_overdue()

    assert await ada.features() == EVERYTHING
    assert len(await world.facts("billing.invoice_paid")) == 2


async def test_an_outage_of_stripe_locks_nobody_out(world: World, ada: Actor) -> None:
    await ada_cannot_pay(world, ada, times=1)
    await hear_everything(world)
    world.stripe.breaks("api_500")
    await world.move(days=8)

    await world.close_overdue()
    during = await ada.features()
    world.stripe.heals()
    await world.close_overdue()

    assert (during, await ada.features()) == (EVERYTHING, EVERYTHING)


async def test_who_never_pays_is_closed_after_the_outage(world: World, ada: Actor) -> None:
    await ada_cannot_pay(world, ada)
    await hear_everything(world)
    world.stripe.breaks("refuse")
    await world.move(days=8)
    await world.close_overdue()
    during = await ada.features()

    world.stripe.heals()
    await world.close_overdue()

    assert (during, await ada.features()) == (EVERYTHING, NOTHING_PAID)


async def test_the_last_failed_attempt_ends_the_subscription_and_is_told(
    world: World, ada: Actor
) -> None:
    await ada_cannot_pay(world, ada)
    # Three more attempts, after 3, 5 and 7 days; then Stripe cancels.
    await world.move(days=16)

    await hear_everything(world)

    assert await ada.features() == NOTHING_PAID
    assert await status(world) == "canceled"
    assert await world.mails() == [
        "billing.ended",
        *["billing.payment_failed"] * 4,
        "billing.welcome",
    ]


async def test_what_is_cancelled_ends_exactly_then_without_asking(world: World, ada: Actor) -> None:
    await subscribes_and_is_known(world, ada)
    (subscription,) = world.stripe.all("/v1/subscriptions")
    world.stripe.post(f"/v1/subscriptions/{subscription['id']}", cancel_at_period_end="true")
    await hear_everything(world)
    left = period_end(subscription) - world.stripe.now()
    world.stripe.breaks("refuse")

    await world.move(minutes=left // 60 - 1)
    before = await ada.features()
    await world.move(minutes=2)

    assert (before, await ada.features()) == (EVERYTHING, NOTHING_PAID)


async def test_a_subscription_that_stripe_lost_keeps_its_access_and_staff_are_told(
    world: World, ada: Actor
) -> None:
    """Stripe answers 404 and nobody deleted it: a restored simulator, another account's key."""
    empty: Json = {"snapshot": world.stripe.get("/_control/snapshot")["snapshot"]}
    await subscribes_and_is_known(world, ada)
    (row,) = await world.rows(Subscription)
    world.stripe.post("/_control/restore", empty)
    await world.move(days=60)

    for _ in range(2):
        await world.close_overdue()

    assert await ada.features() == EVERYTHING
    alarms = [json.loads(fact.payload) for fact in await world.facts("billing.drift_found")]
    assert {"kind": "subscription", "object_id": row.id} in alarms
    assert len([alarm for alarm in alarms if alarm["object_id"] == row.id]) == 1


async def test_a_sweep_during_an_outage_says_so_and_the_next_one_finds_all(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    world.stripe.breaks("api_500", path="/v1/events")
    with pytest.raises(GatewayUnavailable):
        await world.sweep()
    world.stripe.heals()

    await world.sweep()
    await world.drain()

    assert await ada.features() == EVERYTHING
    assert await world.mails() == ["billing.welcome"]


async def subscribes_and_is_known(world: World, ada: Actor) -> None:
    await ada.subscribes_to()
    await hear_everything(world)


async def ada_cannot_pay(world: World, ada: Actor, *, times: int = 4) -> None:
    """She has subscribed, and her renewal was declined an hour ago."""
    await subscribes_and_is_known(world, ada)
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds", times=times)
    (subscription,) = world.stripe.all("/v1/subscriptions")
    left = period_end(subscription) - world.stripe.now()
    await world.move(minutes=left // 60, hours=2)


async def hear_everything(world: World) -> None:
    await world.deliver(world.stripe.events())
    await world.drain()


async def status(world: World) -> str:
    (row,) = await world.rows(Subscription)
    return row.status


def period_end(subscription: Json) -> int:
    return int(subscription["items"]["data"][0]["current_period_end"])
