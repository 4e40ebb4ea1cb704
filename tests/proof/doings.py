"""What all of the people do at Stripe, each step at once; nobody here hears of it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.billing.story import DAYS_OF_RETRYING, JUST_AFTER, TWO_HOURS
from tests.engines.simulators import Json
from tests.engines.world import Actor, World


@dataclass(frozen=True)
class People:
    """All with an open payment page."""

    world: World
    actors: Sequence[Actor]
    sessions: Sequence[str]
    customers: Sequence[str]

    async def buy(self) -> None:
        for session_id in self.sessions:
            self.world.stripe.pays(session_id)

    async def cancel(self) -> None:
        self._set_cancelling("true")

    async def think_again(self) -> None:
        self._set_cancelling("false")

    async def take_the_year(self) -> None:
        """From the month, at once: prorated and charged now."""
        product = next(self._subscriptions())["items"]["data"][0]["price"]["product"]
        prices = self.world.stripe.all("/v1/prices", product=product, active="true")
        (price,) = [each["id"] for each in prices if each["recurring"]["interval"] == "year"]
        for subscription in self._subscriptions():
            (item,) = subscription["items"]["data"]
            wanted = {"items[0][id]": item["id"], "items[0][price]": price}
            self.world.stripe.post(f"/v1/subscriptions/{subscription['id']}", **wanted)

    async def be_refunded(self) -> None:
        for charge in self._last_charges():
            self.world.stripe.post("/v1/refunds", charge=charge)

    async def dispute(self) -> None:
        for charge in self._last_charges():
            self.world.stripe.post("/_control/disputes", {"charge": charge})

    async def win(self) -> None:
        self._settle_disputes("won")

    async def lose(self) -> None:
        self._settle_disputes("lost")

    async def renew(self) -> None:
        await self._move_to_period_end(TWO_HOURS)

    async def end(self) -> None:
        await self._move_to_period_end(JUST_AFTER)

    async def fail(self) -> None:
        for customer in self.customers:
            self.world.stripe.next_charges(customer, "insufficient_funds")
        await self._move_to_period_end(TWO_HOURS)

    async def recover(self) -> None:
        await self.world.move(days=DAYS_OF_RETRYING["recovers"])

    def _settle_disputes(self, outcome: str) -> None:
        for charge in self._last_charges():
            (dispute,) = self.world.stripe.all("/v1/disputes", charge=charge)
            self.world.stripe.post(f"/_control/disputes/{dispute['id']}", {"outcome": outcome})

    def _set_cancelling(self, wanted: str) -> None:
        for subscription in self._subscriptions():
            path = f"/v1/subscriptions/{subscription['id']}"
            self.world.stripe.post(path, cancel_at_period_end=wanted)

    def _last_charges(self) -> Iterator[str]:
        for customer in self.customers:
            yield str(self.world.stripe.all("/v1/charges", customer=customer)[0]["id"])

    def _subscriptions(self) -> Iterator[Json]:
        for customer in self.customers:
            yield from self.world.stripe.all("/v1/subscriptions", customer=customer)

    async def _move_to_period_end(self, seconds_after: int) -> None:
        subscription = next(self._subscriptions())
        ends = subscription["items"]["data"][0]["current_period_end"]
        ahead = ends + seconds_after - self.world.stripe.now()
        await self.world.move(minutes=-(-ahead // 60))


DOINGS: Mapping[str, Callable[[People], Awaitable[None]]] = {
    "buys": People.buy,
    "cancels": People.cancel,
    "thinks again": People.think_again,
    "takes the year": People.take_the_year,
    "is refunded": People.be_refunded,
    "disputes": People.dispute,
    "wins": People.win,
    "loses": People.lose,
    "renews": People.renew,
    "ends": People.end,
    "fails": People.fail,
    "recovers": People.recover,
}
