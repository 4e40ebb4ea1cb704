"""The road of money as steps at Stripe's side; what Admit hears of them is the weather's."""

from dataclasses import dataclass

from hypothesis import strategies as st

from admit.billing.changes.service import cancel_at_period_end
from admit.billing.errors import NothingToChange
from tests.engines.simulators import Json
from tests.engines.world import Actor, World

JUST_AFTER = 600
TWO_HOURS = 7200
"""Seconds after a period's end: its invoice is a draft for an hour, then it is tried."""

DAYS_OF_RETRYING = {"recovers": 3, "is tried again": 8, "is given up": 7}
"""Stripe tries again 3, 5 and 7 days after the attempt before; the grace is 7 days in all."""

STORIES = (
    ("buys", "renews", "cancels", "ends"),
    ("buys", "cancels", "ends"),
    ("buys", "turns", "finalizes", "cancels", "ends"),
    ("buys", "fails once", "recovers", "cancels", "ends"),
    ("buys", "fails once", "recovers", "renews"),
    ("buys", "renews", "fails for good", "is tried again", "is given up"),
    ("buys", "fails for good", "is tried again"),
    ("buys", "cancels", "resumes", "renews"),
    ("buys", "turns"),
    ("buys",),
)


@dataclass
class Story:
    data: st.DataObject
    world: World
    ada: Actor
    session_id: str
    cancelled: int = 0
    cancelled_here: int = 0

    async def step(self, name: str) -> None:
        await self._pass_a_moment()
        match name:
            case "buys":
                self.world.stripe.pays(self.session_id)
            case "cancels":
                await self._cancel()
            case "resumes":
                self._set_cancelling("false")
            case _:
                await self._let_time_pass(name)

    async def _let_time_pass(self, step: str) -> None:
        match step:
            case "turns" | "ends":
                await self._move_to_period_end(JUST_AFTER)
            case "finalizes":
                await self.world.move(hours=1)
            case "renews":
                await self._move_to_period_end(TWO_HOURS)
            case "fails once":
                await self._decline(times=1)
                await self._move_to_period_end(TWO_HOURS)
            case "fails for good":
                await self._decline(times=4)
                await self._move_to_period_end(TWO_HOURS)
            case _:
                await self.world.move(days=DAYS_OF_RETRYING[step])

    async def _pass_a_moment(self) -> None:
        """Payloads of one second cannot be told apart, those of later seconds can."""
        await self.world.wait(self.data.draw(st.sampled_from((0, 1, 4, 6, 70)), label="seconds"))

    async def _move_to_period_end(self, seconds_after: int) -> None:
        (item,) = self._subscription()["items"]["data"]
        ahead = item["current_period_end"] + seconds_after - self.world.stripe.now()
        await self.world.move(minutes=-(-ahead // 60))

    async def _decline(self, *, times: int) -> None:
        customer = await self.ada.customer_id()
        self.world.stripe.next_charges(customer, "insufficient_funds", times=times)

    async def _cancel(self) -> None:
        """Here, or in Stripe's dashboard; only there while we know of no subscription."""
        self.cancelled += 1
        if self.data.draw(st.booleans(), label="cancels here"):
            try:
                await cancel_at_period_end(self.world.billing, self.ada.person)
            except NothingToChange:
                pass
            else:
                self.cancelled_here += 1
                return
        self._set_cancelling("true")

    def _set_cancelling(self, wanted: str) -> None:
        path = f"/v1/subscriptions/{self._subscription()['id']}"
        self.world.stripe.post(path, cancel_at_period_end=wanted)

    def _subscription(self) -> Json:
        (only,) = self.world.stripe.all("/v1/subscriptions", status="all")
        return only
