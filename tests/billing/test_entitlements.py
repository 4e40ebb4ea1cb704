"""Features that somebody opens in Stripe's dashboard are open here, without a line of ours."""

from itertools import permutations

import pytest
from sqlalchemy import select

from admit.access.explaining.chain import Telling, wording_of
from admit.access.explaining.service import explain_all
from admit.access.models import GrantRow, Source
from admit.access.service import FeatureDefinition, define_features, features_in_use
from admit.billing.reconciliation.sweep import fetch_missed_events
from admit.explainers import EXPLAINERS
from tests.billing.truth import SUBSCRIBERS
from tests.engines.simulators import Told
from tests.engines.world import PAST_SECOND_LOOK, Actor, World

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SUMMARY = "entitlements.active_entitlement_summary.updated"
REPORTS = FeatureDefinition(key="reports", name="Reports", description="Every month.")


async def knows_reports(world: World) -> None:
    async with world.database.write() as db:
        await define_features(db, [*await features_in_use(db), REPORTS])


def feature_at_stripe(world: World, key: str = "reports") -> str:
    """The id of a feature that was made in the dashboard."""
    made = world.stripe.post("/v1/entitlements/features", lookup_key=key, name=key.capitalize())
    return str(made["id"])


def product(world: World) -> str:
    (subscription,) = world.stripe.all("/v1/subscriptions", status="all")
    return str(subscription["items"]["data"][0]["price"]["product"])


def attach(world: World, feature_id: str) -> str:
    """The path of the link."""
    path = f"/v1/products/{product(world)}/features"
    return f"{path}/{world.stripe.post(path, entitlement_feature=feature_id)['id']}"


def summaries(world: World) -> list[Told]:
    return [event for event in world.stripe.events() if event.type == SUMMARY]


async def by_stripe(world: World) -> list[tuple[str, bool]]:
    """feature, whether it is still open"""
    rows = select(GrantRow).where(GrantRow.source == Source.stripe_entitlement)
    async with world.database.read() as db:
        found = await db.scalars(rows.order_by(GrantRow.starts_at))
        return [(row.feature, row.revoked_at is None) for row in found]


async def hears(world: World) -> None:
    await fetch_missed_events(world.billing)
    await world.drain()


async def test_s4_14_a_feature_that_is_attached_at_stripe_opens_here_and_closes_with_it(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    before = (await ada.features(), await by_stripe(world))

    link = attach(world, feature_at_stripe(world))
    await hears(world)
    unknown = await ada.features()
    await knows_reports(world)
    await world.wait(60)
    attach(world, feature_at_stripe(world, "no-feature-of-ours"))
    await hears(world)
    opened = await ada.features()
    telling = Telling(EXPLAINERS, wording_of(world.wiring.parts.templates))
    async with world.database.read() as db:
        now = world.clock.business()
        *_, reports = await explain_all(db, telling, ada.person.id, at=now)
    await world.wait(60)
    world.stripe.delete(link)
    await hears(world)

    assert before == (SUBSCRIBERS, [])
    assert (unknown, opened) == (SUBSCRIBERS, {*SUBSCRIBERS, "reports"})
    assert [step.kind for step in reports.rests_on] == ["entitlement", "event"]
    assert await ada.features() == SUBSCRIBERS
    assert await by_stripe(world) == [("reports", False)]


async def test_what_a_plan_includes_is_the_plans_alone_and_ends_with_it(
    world: World, ada: Actor
) -> None:
    """Also before the subscription is heard of, and also while Stripe still calls it active."""
    await ada.subscribes_to()
    everything = world.stripe.events()
    await world.deliver([event for event in everything if event.type == SUMMARY])
    await world.drain()
    early = await by_stripe(world)
    await world.settle()
    await knows_reports(world)
    attach(world, feature_at_stripe(world))
    await hears(world)
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds", times=20)
    await world.move(days=31 + 8)
    await world.settle()
    (subscription,) = world.stripe.all("/v1/subscriptions", status="all")
    overdue = (subscription["status"], await ada.features())
    world.stripe.delete(f"/v1/subscriptions/{subscription['id']}")
    await world.wait(PAST_SECOND_LOOK)
    await world.settle()

    assert early == []
    assert overdue == ("past_due", {"community", "reports"})
    assert await ada.features() == {"community"}
    assert await by_stripe(world) == [("reports", False)]


async def test_every_order_of_summaries_ends_with_what_is_active(world: World, ada: Actor) -> None:
    """Each order of three, with one of them doubled or lost and swept."""
    await ada.subscribes_to()
    await knows_reports(world)
    await world.settle()
    feature = feature_at_stripe(world)
    checked = 0
    for is_active in (True, False):
        for order in permutations(range(3)):
            known = len(summaries(world))
            link = attach(world, feature)
            await world.wait(1)
            world.stripe.delete(link)
            await world.wait(1)
            link = attach(world, feature)
            if not is_active:
                world.stripe.delete(link)
            told = summaries(world)[known : known + 3]
            first, *others = (told[place] for place in order)
            await world.deliver([first, first])
            await world.drain()
            await world.deliver(others[: 1 + checked % 2])
            await world.drain()
            await world.settle(fetch_missed_events)
            assert ("reports" in await ada.features()) is is_active
            if is_active:
                world.stripe.delete(link)
                await world.settle(fetch_missed_events)
            checked += 1
    assert checked == 12
