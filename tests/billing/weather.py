"""What happens to Stripe's events between a story's steps; Hypothesis decides."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from admit.billing.checkout.returning import state_of_return
from tests.engines.simulators import OLD_VERSION, Told
from tests.engines.world import PAST_SECOND_LOOK, Actor, World

Data = st.DataObject

DOINGS = ("nothing", "work", "work", "two workers", "return page", "second looks", "sweep", "close")


@dataclass
class Weather:
    """Events are delivered in any order, late, doubled, in two versions, or never."""

    data: Data
    world: World
    ada: Actor
    session_id: str = ""
    known: list[tuple[Told, Told]] = field(default_factory=list)
    """Stripe's events, of the pinned and of an older API version."""
    waiting: list[int] = field(default_factory=list)
    """Positions among the known of those that may still be delivered."""
    delivered: int = 0

    async def between_steps(self) -> None:
        order = self._order()
        taken = self.data.draw(st.integers(0, len(order)), label="delivered")
        lost = self.data.draw(st.integers(0, len(order) - taken), label="dropped")
        self.waiting = order[taken + lost :]
        await self._deliver(order[:taken])
        await self._do(self.data.draw(st.sampled_from(DOINGS), label="then"))

    async def at_last(self) -> None:
        """What was late arrives; what was dropped never does."""
        await self._deliver(self._order())

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
        doubled = self.data.draw(st.lists(st.sampled_from(order), max_size=3)) if order else []
        old = self.data.draw(st.integers(0, 2 ** len(self.known) - 1), label="old versions")
        events = [self.known[position][old >> position & 1] for position in [*order, *doubled]]
        middle = self.data.draw(st.none() | st.integers(0, len(events)), label="worker comes at")
        await self.world.deliver(events[:middle])
        if middle is not None:
            await self.world.drain()
            await self.world.deliver(events[middle:])
        self.delivered += len(events)

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
