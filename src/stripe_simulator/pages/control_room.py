"""`/_control`: the clock, the customers and the latest events, and buttons that move time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.api.parameters import LATEST
from stripe_simulator.pages import control_switches as switches
from stripe_simulator.pages.overview import overview
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.pages.rendering import page
from stripe_simulator.shapes import DAY, HOUR
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.store import Store


@dataclass(frozen=True)
class Step:
    """A button. `seconds`: how far it moves the clock."""

    name: str
    label: str
    seconds: int


STEPS = (
    Step("hour", "1 hour", HOUR),
    Step("day", "1 day", DAY),
    Step("week", "7 days", 7 * DAY),
    Step("month", "31 days", 31 * DAY),
)


async def show(request: Request) -> Response:
    simulator: Simulator = request.app.state.simulator
    return page(
        "control.html",
        room=overview(simulator.store),
        steps=STEPS,
        switches=switches.shown(simulator),
    )


async def advance(request: Request) -> Response:
    simulator: Simulator = request.app.state.simulator
    if not is_our_own_form(request, base_url=simulator.base_url):
        return refused()
    async with request.form(max_files=0, max_fields=5) as form:
        moment = _asked(simulator.store, form)
    if moment is not None:
        await simulator.advance(moment)
    return RedirectResponse("/_control", status_code=303)


def _asked(store: Store, form: Mapping[str, object]) -> int | None:
    """The simulated second that was asked for; None when there is nothing to wait for."""
    if "to" in form:
        return _named(store, str(form["to"]))
    return _moment(store, str(form.get("by")))


def _named(store: Store, text: str) -> int | None:
    """What a `datetime-local` field sends, in UTC; None for what is past, or no time at all."""
    try:
        moment = int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
    return moment if store.now() <= moment <= LATEST else None


def _moment(store: Store, by: str) -> int | None:
    if by == "next":
        timer = store.next_timer()
        return timer[2] if timer else None
    return next((store.now() + step.seconds for step in STEPS if step.name == by), None)
