"""What no event told of is found by comparing, repaired, and kept with both values."""

from datetime import timedelta

import pytest

from admit.billing.reconciliation.drift import (
    WHOLE,
    Difference,
    differences,
    forget_repaired,
    newest_drifts,
)
from admit.billing.reconciliation.models import Drift
from admit.billing.subscriptions.models import Subscription
from admit.billing.webhooks.models import DeliveryTally
from tests.engines.world import START, Actor, World

A_DAY = 86_400
FAR_BACK = START - timedelta(days=1)


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        ({"status": "active"}, {"status": "active"}, []),
        (
            {"status": "active", "quantity": 1},
            {"status": "past_due", "quantity": 1},
            [Difference("status", '"active"', '"past_due"')],
        ),
        (
            {"ended_at": None},
            {"ended_at": START},
            [Difference("ended_at", "null", '"2026-03-01T12:00:00+00:00"')],
        ),
        ({"hosted_url": "one"}, {"hosted_url": "two"}, []),
        (None, {"status": "active"}, [Difference(WHOLE, None, "known")]),
    ],
)
def test_what_differs_is_named_with_both_values(
    ours: dict[str, object] | None, theirs: dict[str, object], found: list[Difference]
) -> None:
    assert differences(ours, theirs) == found


async def test_a_mirror_that_went_wrong_is_repaired_and_the_difference_kept(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    (row,) = await world.rows(Subscription)
    await falsify(world, row.id, quantity=7, cancel_at_period_end=True)

    await world.wait(A_DAY + 1)
    await world.sweep()

    (mended,) = await world.rows(Subscription)
    assert (mended.quantity, mended.cancel_at_period_end) == (1, False)
    noted = {drift.field: (drift.ours, drift.theirs) for drift in await world.rows(Drift)}
    assert noted == {"quantity": ("7", "1"), "cancel_at_period_end": ("true", "false")}
    async with world.database.write() as db:
        assert len(await newest_drifts(db, since=FAR_BACK, limit=9)) == 2
        await forget_repaired(db, before=world.clock.wall() + timedelta(seconds=1))
    assert await world.rows(Drift) == []


async def test_what_events_still_wait_to_tell_is_no_drift(world: World, ada: Actor) -> None:
    """They come late, and the sweep finds them first; some were never delivered at all."""
    await ada.subscribes_to()
    await world.settle()
    await world.wait(A_DAY + 1)
    (subscription,) = world.stripe.all("/v1/subscriptions")
    path = f"/v1/subscriptions/{subscription['id']}"
    world.stripe.post(path, cancel_at_period_end="true")
    await world.wait(301)

    await world.sweep()

    (row,) = await world.rows(Subscription)
    assert (row.cancel_at_period_end, await world.rows(Drift)) == (True, [])
    (missed,) = await world.rows(DeliveryTally)
    assert (missed.outcome, missed.count) == ("missed", 1)


async def test_what_stripe_lost_stays_open_until_stripe_knows_it_again(
    world: World, ada: Actor
) -> None:
    before = world.stripe.get("/_control/snapshot")["snapshot"]
    await ada.subscribes_to()
    await world.settle()
    after = world.stripe.get("/_control/snapshot")["snapshot"]
    world.stripe.post("/_control/restore", {"snapshot": before})
    await world.move(days=40)
    await world.close_overdue()
    await world.close_overdue()

    (row,) = await world.rows(Subscription)
    (alarm,) = [drift for drift in await world.rows(Drift) if drift.object_id == row.id]
    assert (alarm.ours, alarm.theirs, alarm.repaired_at) == ("known", None, None)

    world.stripe.post("/_control/restore", {"snapshot": after})
    await world.close_overdue()
    (closed,) = [drift for drift in await world.rows(Drift) if drift.object_id == row.id]
    assert closed.repaired_at == world.clock.wall()


async def falsify(world: World, subscription_id: str, **values: object) -> None:
    async with world.database.write() as db:
        row = await db.get_one(Subscription, subscription_id)
        for name, value in values.items():
            setattr(row, name, value)
