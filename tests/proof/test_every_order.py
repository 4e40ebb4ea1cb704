"""Every order in which a few events can be heard, each also with one doubled and with one lost.

What everybody must end with is what the first person ends with, who heard everything in Stripe's
own order; and that is compared with what Stripe says. `docs/proof.md` keeps the counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import pytest

from admit.billing.disputes.models import Dispute
from admit.billing.invoices.models import Invoice
from admit.billing.payments.models import Payment
from admit.billing.reconciliation.models import MirrorRow
from admit.billing.refunds.models import Refund
from admit.billing.subscriptions.models import Subscription
from tests.billing import truth
from tests.engines.databases import NewDatabase
from tests.engines.simulators import Simulators
from tests.engines.world import World, open_world
from tests.proof.hearings import Hearing, every_hearing
from tests.proof.lives import Lives, begin_lives
from tests.proof.states import State, nothing_is_left_to_do, states_of

PEOPLE_A_WORLD = 150
NO_DIFFERENCE: tuple[State, State] = (Counter(), Counter())

IN, OUT = truth.SUBSCRIBERS, truth.EVERYBODY
LIVES: Mapping[str, Mapping[str, set[str]]] = {
    "pays": {"buys": IN},
    "pays and leaves": {"buys": IN, "renews": IN, "cancels": IN, "ends": OUT},
    "fails and recovers": {"buys": IN, "fails": IN, "recovers": IN, "renews": IN},
    "takes the year": {"buys": IN, "cancels": IN, "thinks again": IN, "takes the year": IN},
    "is refunded": {"buys": IN, "renews": IN, "is refunded": OUT},
    "wins a dispute": {"buys": IN, "disputes": IN, "wins": IN},
    "loses a dispute": {"buys": IN, "disputes": IN, "loses": OUT},
}
"""Each step of a life, and what is open after it."""


@dataclass(frozen=True)
class Proof:
    """`sample`: every so-manieth hearing; `parts`: cut so that several workers share it."""

    life: str
    most: int
    sample: int = 1
    part: int = 0
    parts: int = 1

    def __str__(self) -> str:
        sampled = f", every {self.sample}th" if self.sample > 1 else ""
        cut = f", {self.part + 1} of {self.parts}" if self.parts > 1 else ""
        return f"{self.life}: {self.most} events{sampled}{cut}"

    def hearings(self) -> Sequence[Hearing]:
        """Those of lists of the full length; shorter ones have fewer and are gone through, too."""
        return list(every_hearing(self.most))[:: self.sample][self.part :: self.parts]


def in_parts(life: str, most: int, parts: int) -> list[Proof]:
    return [Proof(life, most, part=part, parts=parts) for part in range(parts)]


def test_there_are_so_many_ways_to_hear_of_a_few_events() -> None:
    for events in range(1, 6):
        hearings = list(every_hearing(events))

        assert len(set(hearings)) == len(hearings) == factorial(events) * (events + 2)


@pytest.mark.parametrize(
    ("engine", "proof"),
    [
        ("sqlite", Proof("pays", most=4)),
        ("postgresql", Proof("pays and leaves", most=4, sample=9)),
        *(("sqlite", Proof(life, most=3, sample=2)) for life in LIVES if life != "pays"),
    ],
    indirect=["engine"],
    ids=str,
)
async def test_a_few_events_in_every_order_end_equal(
    new_database: NewDatabase,
    simulators: Simulators,
    proof: Proof,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await everybody_ends_equal(new_database, simulators, proof, capsys)


@pytest.mark.long
@pytest.mark.parametrize(
    ("engine", "proof"),
    [
        *(("sqlite", proof) for proof in in_parts("pays", most=5, parts=4)),
        *(("sqlite", Proof(life, most=4, sample=3)) for life in LIVES if life != "pays"),
        *(("postgresql", Proof(life, most=4, sample=19)) for life in LIVES),
    ],
    indirect=["engine"],
    ids=str,
)
async def test_five_events_in_every_order_end_equal(
    new_database: NewDatabase,
    simulators: Simulators,
    proof: Proof,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await everybody_ends_equal(new_database, simulators, proof, capsys)


@pytest.mark.prove
@pytest.mark.parametrize(
    ("engine", "proof"),
    [
        *(("sqlite", Proof(life, most=4)) for life in LIVES),
        *(("sqlite", proof) for proof in in_parts("pays", most=6, parts=16)),
        *(("sqlite", proof) for proof in in_parts("pays", most=7, parts=64)),
        *(("postgresql", Proof(life, most=6, sample=97)) for life in LIVES),
    ],
    indirect=["engine"],
    ids=str,
)
async def test_six_and_seven_events_in_every_order_end_equal(
    new_database: NewDatabase,
    simulators: Simulators,
    proof: Proof,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await everybody_ends_equal(new_database, simulators, proof, capsys)


async def everybody_ends_equal(
    new_database: NewDatabase,
    simulators: Simulators,
    proof: Proof,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hearings, told = proof.hearings(), 0
    for start in range(0, len(hearings), PEOPLE_A_WORLD):
        few = hearings[start : start + PEOPLE_A_WORLD]
        with new_database() as url:
            async with open_world(url, simulators) as world:
                lives = await begin_lives(world, people=len(few) + 1, most=proof.most)
                await live(lives, LIVES[proof.life], few)
                told += sum(lives.told)
    with capsys.disabled():
        print(f"\n  {proof}: {told} cases, {len(hearings)} people")


async def live(lives: Lives, steps: Mapping[str, set[str]], longest: Sequence[Hearing]) -> None:
    """The first person hears everything in Stripe's order, and once."""
    hearings = [
        [Hearing(tuple(range(events))), *ways_to_hear(events, longest, most=lives.most)]
        for events in range(lives.most + 1)
    ]
    for step, opened in steps.items():
        await lives.live(step, hearings)
        await assert_all_is_equal_and_true(lives, opened)


def ways_to_hear(events: int, longest: Sequence[Hearing], *, most: int) -> Sequence[Hearing]:
    """One for each of the people; there are more people than ways to hear of fewer events."""
    if events in {0, most}:
        return longest if events else ()
    every = list(every_hearing(events))
    return [every[number % len(every)] for number in range(len(longest))]


async def assert_all_is_equal_and_true(lives: Lives, opened: set[str]) -> None:
    world, first_person = lives.people.world, lives.people.actors[0]
    first, *others = await states_of(world, lives.people.actors)
    for number, state in enumerate(others, 1):
        assert (state - first, first - state) == NO_DIFFERENCE, f"person {number}"
    assert await nothing_is_left_to_do(world)
    assert await first_person.features() == opened
    account = await first_person.account()
    assert await statuses(world, account.id) == at_stripe(world, lives.people.customers[0])


async def statuses(world: World, account_id: str) -> dict[str, str]:
    """Of all that is mirrored of this person's money."""
    tables: tuple[type[MirrorRow], ...] = (Subscription, Invoice, Payment, Refund, Dispute)
    rows = [vars(row) for table in tables for row in await world.rows(table)]
    return {row["id"]: row["status"] for row in rows if row["billing_account_id"] == account_id}


def at_stripe(world: World, customer: str) -> dict[str, str]:
    stripe, told = world.stripe, []
    told += stripe.all("/v1/subscriptions", customer=customer, status="all")
    told += stripe.all("/v1/invoices", customer=customer)
    for charge in stripe.all("/v1/charges", customer=customer):
        told += [charge, *stripe.all("/v1/refunds", charge=charge["id"])]
        told += stripe.all("/v1/disputes", charge=charge["id"])
    return {each["id"]: each["status"] for each in told}
