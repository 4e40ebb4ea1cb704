"""Refunds and disputes take back what they paid for, and give it back when they come to nothing."""

from dataclasses import dataclass

import pytest

from admit.billing.disputes.models import Dispute
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import Payment
from admit.billing.refunds.models import Refund
from admit.billing.subscriptions.models import Subscription
from admit.core.events.models import EventRow
from tests.billing.truth import EVERYBODY, SUBSCRIBERS
from tests.engines.simulators import Json, Simulators
from tests.engines.world import Actor, World, open_world

MONEY_BACK = ("billing.refund", "billing.dispute")
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_full_refund_closes_what_it_paid_for_until_the_next_period_is_paid(
    world: World, ada: Actor
) -> None:
    charge = await paid_by(world, ada)
    await world.move(days=10)

    refund = world.stripe.post("/v1/refunds", charge=charge["id"])
    await hear(world)

    assert await ada.features() == EVERYBODY
    assert await money_of(world) == [("refunded", 1200, 1200)]
    assert [row.status for row in await world.rows(Subscription)] == ["active"]
    assert await facts(world) == [("billing.refund_made", refund["id"])]

    await world.move(days=22)
    await hear(world)

    assert await ada.features() == SUBSCRIBERS
    assert await money_of(world) == [("paid", 1200, 0), ("refunded", 1200, 1200)]


async def test_what_is_refunded_in_part_stays_open_until_the_rest_went_back_too(
    world: World, ada: Actor
) -> None:
    charge = await paid_by(world, ada)

    world.stripe.post("/v1/refunds", charge=charge["id"], amount="500")
    await hear(world)
    in_part = (await ada.features(), await money_of(world))
    world.stripe.post("/v1/refunds", charge=charge["id"], amount="700")
    await hear(world)

    assert in_part == (SUBSCRIBERS, [("partly_refunded", 1200, 500)])
    assert await ada.features() == EVERYBODY
    assert await money_of(world) == [("refunded", 1200, 1200)]


@ON_SQLITE
async def test_a_refund_that_the_bank_sends_back_gives_access_back(
    world: World, ada: Actor
) -> None:
    charge = await paid_by(world, ada)
    refund = world.stripe.post("/v1/refunds", charge=charge["id"])
    await hear(world)
    closed = await ada.features()

    world.stripe.post(f"/_control/refunds/{refund['id']}/fail", {"reason": "lost_or_stolen_card"})
    await hear(world)

    assert (closed, await ada.features()) == (EVERYBODY, SUBSCRIBERS)
    assert await money_of(world) == [("paid", 1200, 0)]
    assert [(row.status, row.failure) for row in await world.rows(Refund)] == [
        ("failed", "lost_or_stolen_card")
    ]
    assert await facts(world) == [
        ("billing.refund_failed", refund["id"]),
        ("billing.refund_made", refund["id"]),
    ]


@ON_SQLITE
async def test_a_period_that_is_over_can_be_refunded_without_closing_the_present_one(
    world: World, ada: Actor
) -> None:
    first = await paid_by(world, ada)
    await world.move(days=32)
    await hear(world)

    world.stripe.post("/v1/refunds", charge=first["id"])
    await hear(world)

    assert await ada.features() == SUBSCRIBERS
    assert await money_of(world) == [("paid", 1200, 0), ("refunded", 1200, 1200)]


@dataclass(frozen=True)
class Course:
    """How a dispute goes: the operator's policy, the bank's word, and what follows from both."""

    policy: str
    outcome: str
    while_open: set[str]
    in_the_end: set[str]
    standing: str


@ON_SQLITE
@pytest.mark.parametrize(
    "course",
    [
        Course("lost", "lost", SUBSCRIBERS, EVERYBODY, "disputed"),
        Course("lost", "won", SUBSCRIBERS, SUBSCRIBERS, "paid"),
        Course("opened", "won", EVERYBODY, SUBSCRIBERS, "paid"),
    ],
    ids=lambda course: f"{course.policy}-{course.outcome}",
)
async def test_a_dispute_closes_when_the_operator_says_and_gives_back_when_it_is_won(
    database_url: str, simulators: Simulators, course: Course
) -> None:
    async with open_world(database_url, simulators, access_ends_on_dispute=course.policy) as world:
        ada = await world.person("ada")
        charge = await paid_by(world, ada)

        dispute = world.stripe.post("/_control/disputes", {"charge": charge["id"]})["dispute"]
        await hear(world)
        opened = (await ada.features(), await money_of(world))
        world.stripe.post(f"/_control/disputes/{dispute}", {"outcome": course.outcome})
        await hear(world)

        assert opened == (course.while_open, [("disputed", 1200, 0)])
        assert await ada.features() == course.in_the_end
        assert await money_of(world) == [(course.standing, 1200, 0)]
        assert [row.status for row in await world.rows(Dispute)] == [course.outcome]
        assert await facts(world) == [
            ("billing.dispute_closed", dispute),
            # Withdrawn, and reinstated when it was won.
            *[("billing.dispute_money_moved", dispute)] * (1 + (course.outcome == "won")),
            ("billing.dispute_opened", dispute),
        ]


@ON_SQLITE
async def test_what_was_partly_refunded_and_lost_for_the_rest_has_all_gone_back(
    world: World, ada: Actor
) -> None:
    """500 back by us, and the bank takes the other 700."""
    charge = await paid_by(world, ada)
    world.stripe.post("/v1/refunds", charge=charge["id"], amount="500")
    await hear(world)

    dispute = world.stripe.post("/_control/disputes", {"charge": charge["id"]})
    world.stripe.post(f"/_control/disputes/{dispute['dispute']}", {"outcome": "lost"})
    await hear(world)

    assert dispute["amount"] == 700
    assert await ada.features() == EVERYBODY


@ON_SQLITE
async def test_every_attempt_to_pay_is_kept_with_what_the_bank_said(
    world: World, ada: Actor
) -> None:
    await paid_by(world, ada)
    world.stripe.next_charges(await ada.customer_id(), "insufficient_funds")
    await world.move(days=32)
    await hear(world)

    payments = await world.rows(Payment)
    assert sorted((row.status, row.brand, row.last4, row.failure) for row in payments) == [
        ("failed", "visa", "4242", "Your card has insufficient funds."),
        ("succeeded", "visa", "4242", None),
    ]
    assert await money_of(world) == [("failed", 1200, 0), ("paid", 1200, 0)]


@ON_SQLITE
async def test_the_comparison_finds_refunds_and_disputes_that_no_event_told_of(
    world: World, ada: Actor
) -> None:
    """The events are older than Stripe keeps them: only the customer's own things are compared."""
    first = await paid_by(world, ada)
    await world.move(days=32)
    await hear(world)
    (second,) = [one for one in charges(world) if one["id"] != first["id"]]
    world.stripe.post("/v1/refunds", charge=first["id"])
    dispute = world.stripe.post("/_control/disputes", {"charge": second["id"]})["dispute"]
    world.stripe.post(f"/_control/disputes/{dispute}", {"outcome": "lost"})

    await world.compare_customers()

    assert await ada.features() == EVERYBODY
    assert await money_of(world) == [("disputed", 1200, 0), ("refunded", 1200, 1200)]


async def paid_by(world: World, ada: Actor) -> Json:
    """The charge of the subscription that she has just bought, heard of and settled."""
    await ada.subscribes_to()
    await hear(world)
    assert await ada.features() == SUBSCRIBERS
    (charge,) = charges(world)
    return charge


def charges(world: World) -> list[Json]:
    return world.stripe.all("/v1/charges")


async def hear(world: World) -> None:
    """Everything that Stripe has told so far, some of it once more."""
    await world.deliver(world.stripe.events())
    await world.drain()


async def money_of(world: World) -> list[tuple[str, int, int]]:
    """What became of each invoice, what was paid, and what was given back; newest first."""
    rows = sorted(await world.rows(Invoice), key=lambda row: row.created_at, reverse=True)
    return [(row.standing, row.total, row.refunded) for row in rows]


async def facts(world: World) -> list[tuple[str, str]]:
    """Those of refunds and disputes, with the id of what they are about."""
    rows = [row for row in await world.rows(EventRow) if row.name.startswith(MONEY_BACK)]
    return sorted((row.name, row.id.split(":")[2]) for row in rows)
