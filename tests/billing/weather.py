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
    seen: int = 0
    waiting: list[int] = field(default_factory=list)
    """Positions, in the list of Stripe's events, of those that may still be delivered."""
    delivered: int = 0

    async def between_steps(self) -> None:
        versions = self._versions()
        order = self._order(len(versions[0]))
        taken = self.data.draw(st.integers(0, len(order)), label="delivered")
        lost = self.data.draw(st.integers(0, len(order) - taken), label="dropped")
        self.waiting = order[taken + lost :]
        await self._deliver(versions, order[:taken])
        await self._do(self.data.draw(st.sampled_from(DOINGS), label="then"))

    async def at_last(self) -> None:
        """What was late arrives; what was dropped never does."""
        versions = self._versions()
        await self._deliver(versions, self._order(len(versions[0])))

    def _versions(self) -> tuple[list[Told], list[Told]]:
        stripe = self.world.stripe
        return stripe.events(), stripe.events(version=OLD_VERSION)

    def _order(self, known: int) -> list[int]:
        pool = [*self.waiting, *range(self.seen, known)]
        self.seen, self.waiting = known, []
        return self.data.draw(st.permutations(pool), label="order")

    async def _deliver(self, versions: tuple[list[Told], list[Told]], order: list[int]) -> None:
        """Any of them twice, and the worker may come in between."""
        doubled = self.data.draw(st.lists(st.sampled_from(order), max_size=3)) if order else []
        old = self.data.draw(st.integers(0, 2 ** len(versions[0]) - 1), label="old versions")
        events = [versions[old >> position & 1][position] for position in [*order, *doubled]]
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
