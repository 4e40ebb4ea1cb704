"""An end, a pause, and a change of mind: asked for once, done once, whatever dies in between."""

import asyncio
from datetime import timedelta

import pytest

from admit.billing.changes import pauses
from admit.billing.changes.models import SubscriptionChange
from admit.billing.changes.reasons import Feedback
from admit.billing.changes.service import (
    cancel_at_period_end,
    cancel_now,
    pause,
    resume,
    unpause,
)
from admit.billing.errors import NothingToChange
from admit.billing.gateway import GatewayUnavailable
from admit.billing.subscriptions.models import Subscription
from tests.billing.subscriptions.test_mirror import hears_everything, moment, subscribes
from tests.billing.truth import SUBSCRIBERS
from tests.engines.simulators import Json
from tests.engines.world import Actor, World

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EVERYTHING = SUBSCRIBERS


async def test_twenty_cancellations_at_once_and_a_change_of_mind_end_as_the_last_word_says(
    world: World, ada: Actor
) -> None:
    await subscribes(world, ada)

    ended = await asyncio.gather(
        *[cancel_at_period_end(world.billing, ada.person) for _ in range(20)],
        return_exceptions=True,
    )

    assert {type(end) for end in ended} <= {Subscription, NothingToChange}
    assert there(world)["cancel_at_period_end"] is True
    wishes = await world.rows(SubscriptionChange)
    assert [(wish.asked, wish.outcome) for wish in wishes] == [("cancel_at_period_end", "done")]

    both = [resume(world.billing, ada.person), cancel_at_period_end(world.billing, ada.person)]
    await asyncio.gather(*both, return_exceptions=True)
    await world.wait(70)
    await hears_everything(world)

    wishes = sorted(await world.rows(SubscriptionChange), key=lambda wish: wish.id)
    assert {wish.outcome for wish in wishes} == {"done"}
    ends = wishes[-1].asked == "cancel_at_period_end"
    assert there(world)["cancel_at_period_end"] is ends


async def test_a_wish_that_stripe_did_not_hear_is_granted_when_it_answers_again(
    world: World, ada: Actor
) -> None:
    await subscribes(world, ada)
    world.stripe.breaks("api_500", path="/v1/subscriptions", after=True)
    with pytest.raises(GatewayUnavailable):
        await cancel_at_period_end(
            world.billing, ada.person, feedback=Feedback.unused, comment="Too little time"
        )
    with pytest.raises(GatewayUnavailable):
        await resume(world.billing, ada.person)
    world.stripe.heals()
    await world.wait(61)

    await world.drain()

    (wish,) = await world.rows(SubscriptionChange)
    assert (wish.asked, wish.outcome) == ("cancel_at_period_end", "done")
    told = there(world)["cancellation_details"]
    assert (told["feedback"], told["comment"]) == ("unused", "Too little time")


@ON_SQLITE
async def test_a_wish_of_the_day_before_yesterday_is_let_go(world: World, ada: Actor) -> None:
    await subscribes(world, ada)
    world.stripe.breaks("refuse")
    with pytest.raises(GatewayUnavailable):
        await cancel_at_period_end(world.billing, ada.person)
    world.stripe.heals()
    await world.wait(2 * 86400)

    await world.drain()

    (wish,) = await world.rows(SubscriptionChange)
    assert wish.outcome == "lapsed"
    assert there(world)["cancel_at_period_end"] is False


async def test_a_pause_leaves_what_is_paid_for_open_skips_charges_and_goes_on_at_its_price(
    world: World, ada: Actor
) -> None:
    """Paid in March; nothing in April; in May she is back, and pays for the month from then."""
    await subscribes(world, ada)
    paused = await pause(world.billing, ada.person)
    await world.move(days=30)
    still = await ada.features()

    await world.move(days=2)
    await hears_everything(world)
    shut = await ada.features()
    with pytest.raises(NothingToChange):
        await pause(world.billing, ada.person)
    await world.move(days=30)
    await hears_everything(world)
    back = await unpause(world.billing, ada.person)
    await hears_everything(world)

    assert (paused.pause_behavior, still, shut) == ("void", EVERYTHING, {"community"})
    assert (back.pause_behavior, await ada.features()) == (None, EVERYTHING)
    assert back.current_period_start == moment(world.stripe.now())
    assert paid(world) == [1200, 1200]


@ON_SQLITE
async def test_a_pause_that_ends_within_the_paid_time_costs_nothing(
    world: World, ada: Actor
) -> None:
    told = await subscribes(world, ada)
    await pause(world.billing, ada.person)
    await world.move(days=10)

    back = await unpause(world.billing, ada.person)

    assert back.current_period_end == moment(told["items"]["data"][0]["current_period_end"])
    assert paid(world) == [1200]


@ON_SQLITE
async def test_a_pause_of_a_month_ends_by_itself_and_the_month_after_it_is_charged(
    world: World, ada: Actor
) -> None:
    await subscribes(world, ada)
    (row,) = await world.rows(Subscription)
    until = pauses.choices(row.current_period_end, "month")["1"]
    await pause(world.billing, ada.person, until=until)

    await world.move(days=45)
    await hears_everything(world)
    within = (await ada.features(), paid(world))
    # 1 March, paused from 1 April to 1 May.
    await world.move(days=17)
    await hears_everything(world)

    assert within == ({"community"}, [1200])
    assert (await ada.features(), paid(world)) == (EVERYTHING, [1200, 1200])


@ON_SQLITE
async def test_staff_end_a_subscription_at_once(world: World, ada: Actor) -> None:
    await subscribes(world, ada)
    (row,) = await world.rows(Subscription)
    grace = await world.person("grace")

    ended = await cancel_now(world.billing, grace.person, row.id, comment="Asked by telephone")

    assert (ended.status, await ada.features()) == ("canceled", {"community"})
    (wish,) = await world.rows(SubscriptionChange)
    assert (wish.asked_by, wish.comment) == (grace.person.id, "Asked by telephone")
    with pytest.raises(NothingToChange):
        await cancel_now(world.billing, grace.person, "sub_of_nobody")


@ON_SQLITE
async def test_nobody_changes_what_is_somebody_elses(world: World, ada: Actor) -> None:
    await subscribes(world, ada)
    (row,) = await world.rows(Subscription)
    eve = await world.person("eve")

    for verb in (cancel_at_period_end, pause, resume, unpause):
        with pytest.raises(NothingToChange):
            await verb(world.billing, eve.person, subscription_id=row.id)

    assert await world.rows(SubscriptionChange) == []


def test_a_pause_of_months_ends_an_hour_before_the_renewal_that_is_charged() -> None:
    end_of_january = moment(1769853600)  # 31 January 2026, 10:00 UTC

    ends = pauses.choices(end_of_january, "month")

    hour = timedelta(hours=1)
    assert ends == {
        "open": None,
        "1": moment(1772272800) - hour,  # 28 February
        "2": moment(1774951200) - hour,  # 31 March
        "3": moment(1777543200) - hour,  # 30 April
    }
    assert pauses.choices(end_of_january, "year") == {"open": None}


def there(world: World) -> Json:
    (only,) = world.stripe.all("/v1/subscriptions", status="all")
    return only


def paid(world: World) -> list[int]:
    invoices = world.stripe.all("/v1/invoices", status="paid")
    return [invoice["amount_paid"] for invoice in reversed(invoices)]
