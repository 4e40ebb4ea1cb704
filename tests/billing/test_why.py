"""Why a subscriber is let in, now and at any past moment, down to the event that told it."""

from datetime import datetime, timedelta

import pytest

from admit.access.decision import Reason
from admit.access.explaining.chain import Telling, wording_of
from admit.access.explaining.service import Explanation, explain_all
from admit.access.service import grant
from admit.billing.changes.service import cancel_at_period_end
from admit.explainers import EXPLAINERS
from tests.engines.world import START, Actor, World

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def why(
    world: World, ada: Actor, feature: str = "premium", *, at: datetime | None = None
) -> Explanation:
    telling = Telling(EXPLAINERS, wording_of(world.wiring.parts.templates))
    now = world.clock.business()
    async with world.database.read() as db:
        found = await explain_all(db, telling, ada.person.id, at=at or now)
    (explanation,) = [each for each in found if each.feature.key == feature]
    return explanation


def told(explanation: Explanation) -> list[tuple[str, str]]:
    return [(link.kind, link.words) for link in explanation.rests_on]


async def test_the_chain_goes_from_the_plan_over_invoice_and_payment_to_the_event(
    world: World, ada: Actor
) -> None:
    before = await why(world, ada)
    await ada.subscribes_to()
    await world.settle()

    explanation = await why(world, ada)

    (subscription,) = world.stripe.all("/v1/subscriptions")
    (invoice,) = world.stripe.all("/v1/invoices")
    (charge,) = world.stripe.all("/v1/charges")
    events = {event.id for event in world.stripe.events() if event.type.startswith("invoice.pa")}
    assert (before.decision.reason, before.rests_on, before.stretches) == (
        Reason.never_granted,
        [],
        [],
    )
    assert explanation.decision.allowed
    *steps, event = explanation.rests_on
    assert [(link.words, link.ref) for link in steps] == [
        ("The plan Pro (€12.00 a month) includes it.", "pro-monthly"),
        ("The subscription began on March 1, 2026.", subscription["id"]),
        (
            f"The invoice {invoice['number']} of €12.00 is paid, and pays until April 1, 2026.",
            invoice["id"],
        ),
        ("€12.00 were paid by a card ending in 4242 on March 1, 2026.", charge["id"]),
    ]
    assert event.words == "Stripe told us so on Mar 1, 2026, 12:00 UTC."
    assert event.ref in events
    assert [(each.source, each.reason, each.is_open) for each in explanation.stretches] == [
        ("subscription", "paid", True)
    ]


async def test_a_past_moment_is_told_as_it_was_and_the_end_with_its_reason(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    await cancel_at_period_end(world.billing, ada.person)
    await world.drain()
    await world.move(days=32)
    await world.settle()

    now = await why(world, ada)
    then = await why(world, ada, at=START + timedelta(days=10))
    too_early = await why(world, ada, at=START - timedelta(days=1))

    assert (now.decision.allowed, now.decision.reason) == (False, Reason.expired)
    assert told(now)[0] == ("plan", "The plan Pro (€12.00 a month) includes it.")
    assert told(now)[1][1] == "The subscription ran from March 1, 2026 until April 1, 2026."
    assert told(now)[-1] == ("end", "That ended on Apr 1, 2026, 12:00 UTC.")
    assert then.decision.allowed
    assert told(then)[1][1] == "The subscription began on March 1, 2026."
    assert [kind for kind, _ in told(then)] == [
        "plan",
        "subscription",
        "invoice",
        "payment",
        "event",
    ]
    assert (too_early.decision.allowed, too_early.account_was_open) == (False, False)


async def test_what_is_not_paid_yet_and_what_staff_gave_are_told_side_by_side(
    world: World, ada: Actor
) -> None:
    await ada.subscribes_to()
    await world.settle()
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds", times=4)
    await world.move(days=31, hours=3)
    await world.settle()

    overdue = await why(world, ada)
    async with world.database.write() as db:
        await grant(
            db,
            user_id=ada.person.id,
            feature="premium",
            until=None,
            reason="A guest of ours.",
            now=world.clock.business(),
        )
    both = await why(world, ada)

    reasons = [(each.source, each.reason) for each in overdue.stretches]
    assert reasons == [("subscription", "grace"), ("subscription", "paid")]
    assert overdue.decision.allowed
    assert told(overdue)[2][1].endswith("pays until April 1, 2026.")
    assert [kind for kind, _ in told(overdue)][5:] == ["invoice", "event"]
    assert told(overdue)[5][1].endswith("of €12.00 is not paid yet.")
    assert [kind for kind, _ in told(both)][:2] == ["staff", "reason"]
    assert told(both)[1] == ("reason", "The reason: A guest of ours.")
    assert "subscription" in [kind for kind, _ in told(both)]
