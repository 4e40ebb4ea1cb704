"""Many people live the same life at Stripe, step by step; each hears of it in an own order.

One world for all of them: what is exhausted are the orders, and a world costs more than a person.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from admit.billing.customers.models import BillingAccount
from admit.billing.reconciliation.sweep import fetch_missed_events
from admit.billing.webhooks.routing import ROUTES
from tests.engines.simulators import Told
from tests.engines.world import World
from tests.proof.doings import DOINGS, People
from tests.proof.hearings import Hearing

SIGNING_UP_AT_ONCE = 8


@dataclass
class Lives:
    people: People
    most: int
    """So many events are put into every order; a longer list is heard in parts of this length."""
    last_event: str | None = None
    told: list[int] = field(default_factory=list)
    """How many cases each part was."""

    async def live(self, step: str, hearings: Sequence[Sequence[Hearing]]) -> None:
        """`hearings[n]`: for each person the way to hear of n events."""
        await DOINGS[step](self.people)
        routed, others = self._news()
        await self.people.world.deliver(others)
        parts = [list(in_parts(events, self.most)) for events in routed]
        for part in zip(*parts, strict=True):
            await self._hear(part, hearings[len(part[0])])
        await self.people.world.settle(fetch_missed_events)

    async def _hear(self, part: Sequence[Sequence[Told]], hearings: Sequence[Hearing]) -> None:
        self.told.append(len(set(hearings)))
        orders = [
            [events[place] for place in hearing.order]
            for events, hearing in zip(part, hearings, strict=True)
        ]
        doubled = [
            events[hearing.doubled]
            for events, hearing in zip(part, hearings, strict=True)
            if hearing.doubled is not None
        ]
        for at_once in zip_longest(*orders):
            await self._tell([event for event in at_once if event])
        await self._tell(doubled)

    async def _tell(self, events: Sequence[Told]) -> None:
        """The worker has seen to what came before when the next ones arrive."""
        await self.people.world.deliver(events)
        await self.people.world.drain()

    def _news(self) -> tuple[list[list[Told]], list[Told]]:
        """For each person what matters of this step, in Stripe's order; and all that does not."""
        events = self.people.world.stripe.events(after=self.last_event)
        self.last_event = events[-1].id
        mine: dict[str, list[Told]] = defaultdict(list)
        others: list[Told] = []
        for event in events:
            if event.type in ROUTES:
                mine[self._customer_of(event)].append(event)
            else:
                others.append(event)
        routed = [mine[customer] for customer in self.people.customers]
        assert len({tuple(event.type for event in events) for events in routed}) == 1
        return routed, others

    def _customer_of(self, event: Told) -> str:
        """A refund and a dispute name only the charge, a payment of an invoice only that."""
        about = json.loads(event.payload)["data"]["object"]
        if about["object"] == "customer":
            return str(about["id"])
        if about.get("customer"):
            return str(about["customer"])
        named = "charge" if about.get("charge") else "invoice"
        return str(self.people.world.stripe.get(f"/v1/{named}s/{about[named]}")["customer"])


async def begin_lives(world: World, *, people: int, most: int) -> Lives:
    """All on their way to pay."""
    actors = [await world.person(f"p{number}") for number in range(people)]
    sessions: list[str] = []
    for start in range(0, people, SIGNING_UP_AT_ONCE):
        few = actors[start : start + SIGNING_UP_AT_ONCE]
        sessions += await asyncio.gather(*[actor.starts_checkout() for actor in few])
    accounts = {row.user_id: row for row in await world.rows(BillingAccount)}
    customers = [str(accounts[actor.person.id].stripe_customer_id) for actor in actors]
    people_there = People(world, actors, sessions, customers)
    return Lives(people_there, most, world.stripe.events()[-1].id)


def in_parts(events: Sequence[Told], most: int) -> Iterator[Sequence[Told]]:
    for start in range(0, len(events), most):
        yield events[start : start + most]
