"""What a control call says."""

import json

from starlette.requests import Request

from stripe_simulator.control.refusal import Refused
from stripe_simulator.shapes import Json
from stripe_simulator.simulator import Simulator


def simulator_of(request: Request) -> Simulator:
    simulator: Simulator = request.app.state.simulator
    return simulator


async def body_of(request: Request) -> Json:
    raw = await request.body()
    try:
        value = json.loads(raw) if raw else {}
    except ValueError:
        raise Refused("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Refused("The body is not a JSON object.")
    return value


def number(body: Json, name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name} is a whole number.")
    return value
