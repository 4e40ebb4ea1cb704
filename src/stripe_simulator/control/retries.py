"""When failed renewals are tried again, and what follows the last try."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stripe_simulator.billing.retries import ENDINGS, KEY, MOST, Policy, as_text, policy
from stripe_simulator.control.door import ControlRoute
from stripe_simulator.control.reading import body_of, simulator_of
from stripe_simulator.control.refusal import Refused
from stripe_simulator.shapes import DAY, Json


async def show(request: Request) -> Response:
    return JSONResponse(shown(policy(simulator_of(request).store.reading())))


async def choose(request: Request) -> Response:
    """`{"days": [3, 5, 7], "then": "cancel"}`; each counts from the failure before."""
    chosen = policy_from(await body_of(request))
    simulator_of(request).store.keep(KEY, as_text(chosen))
    return JSONResponse(shown(chosen))


def policy_from(body: Json) -> Policy:
    days = body.get("days", [3, 5, 7])
    then = body.get("then", "cancel")
    if then not in ENDINGS:
        raise Refused(f"then is one of {', '.join(ENDINGS)}.")
    if not (isinstance(days, list) and len(days) <= MOST and all(map(is_count, days))):
        raise Refused(f"days is a list of at most {MOST} whole numbers from 1 to 60.")
    return Policy(tuple(day * DAY for day in days), then)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 60


def shown(chosen: Policy) -> Json:
    return {"days": [after // DAY for after in chosen.after], "then": chosen.then}


routes = [
    ControlRoute("/_control/retries", show, methods=["GET"]),
    ControlRoute("/_control/retries", choose, methods=["POST"]),
]
