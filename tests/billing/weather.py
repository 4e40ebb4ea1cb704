"""What happens to Stripe's events between a story's steps; Hypothesis decides."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from admit.billing.checkout.returning import state_of_return
from admit.billing.context import Billing
from admit.billing.reconciliation.sweep import fetch_missed_events
from tests.engines.simulators import OLD_VERSION, Told
from tests.engines.world import PAST_SECOND_LOOK, Actor, World

Data = st.DataObject

VERSIONS = (0b000, 0b000, 0b111, 0b010, 0b101)
"""Which of every three events comes in the older version."""

DOINGS = ("nothing", "work", "work", "two workers", "return page", "second looks", "sweep", "close")


async def time_passes(_billing: Billing) -> None:
    """Only the job that closes what has run out asks Stripe, in its time."""


@dataclass
class Weather:
    """Events are delivered in any order, late, doubled, in two versions, or never."""

    data: Data
    world: World
    ada: Actor
    session_id: str
    known: list[tuple[Told, Told]] = field(default_factory=list)
    """Stripe's events, of the pinned and of an older API version."""
    waiting: list[int] = field(default_factory=list)
    """Positions among the known of those that may still be delivered."""
    delivered: int = 0
    loses: bool = False
    """Whether any event is dropped; the others may still be late."""

    async def between_steps(self) -> None:
        order = self._order()
        taken = self.data.draw(st.integers(0, len(order)), label="delivered")
        most_lost = len(order) - taken if self.loses else 0
        lost = self.data.draw(st.integers(0, most_lost), label="dropped")
        self.waiting = order[taken + lost :]
        await self._deliver(order[:taken])
        await self._do(self.data.draw(st.sampled_from(DOINGS), label="then"))

    async def at_last(self) -> None:
        """What was late arrives. What was dropped is found in Stripe's list of events; where
        nothing was, the events themselves are enough, and nobody comes to compare.
        """
        await self._deliver(self._order())
        await self.world.settle(fetch_missed_events if self.loses else time_passes)

    def _order(self) -> list[int]:
        """What is new, and what was kept back."""
        stripe, seen = self.world.stripe, len(self.known)
        after = self.known[-1][0].id if self.known else None
        old = stripe.events(version=OLD_VERSION, after=after)
        self.known += zip(stripe.events(after=after), old, strict=True)
        pool = [*self.waiting, *range(seen, len(self.known))]
        self.waiting = []
        return self.data.draw(st.permutations(pool), label="order")

    async def _deliver(self, order: list[int]) -> None:
        """Any of them twice, and the worker may come in between."""
        doubled = self.data.draw(st.lists(st.sampled_from(order), max_size=2)) if order else []
        old = self.data.draw(st.sampled_from(VERSIONS), label="versions")
        events = [self.known[place][old >> place % 3 & 1] for place in [*order, *doubled]]
        self.delivered += len(events)
        rests = st.lists(st.integers(0, len(events)), max_size=2)
        for rest in sorted(self.data.draw(rests, label="worker comes at"), reverse=True):
            await self.world.deliver(events[rest:])
            await self.world.drain()
            del events[rest:]
        await self.world.deliver(events)

    async def _do(self, doing: str) -> None:
        world = self.world
        match doing:
            case "nothing":
                return
            case "work":
                await world.drain()
            case "two workers":
                await world.together(world.drain(), world.drain())
            case "return page":
                page = state_of_return(world.billing, self.ada.person, self.session_id)
                await world.together(page, world.drain())
            case "second looks":
                await world.drain()
                await world.wait(PAST_SECOND_LOOK)
                await world.drain()
            case "sweep":
                await world.sweep()
            case "close":
                await world.close_overdue()
