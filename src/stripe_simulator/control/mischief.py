"""Trouble with deliveries, secrets that roll, and a clock that runs faster: control calls."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stripe_simulator.clock.wall import wall_time
from stripe_simulator.control.reading import body_of, number, simulator_of
from stripe_simulator.control.refusal import Refused
from stripe_simulator.shapes import DAY, Json
from stripe_simulator.webhooks import endpoints
from stripe_simulator.webhooks.mischief import Mischief

MOST_DELAY, FASTEST = 3600.0, 10_000_000


async def show_mischief(request: Request) -> Response:
    return JSONResponse(simulator_of(request).deliveries.mischief.shown())


async def set_mischief(request: Request) -> Response:
    """`{"shuffle", "double", "delay", "drop", "wrong_signature"}`; what is not named is off."""
    body = await body_of(request)
    simulator_of(request).deliveries.mischief = mischief_of(body)
    return JSONResponse(simulator_of(request).deliveries.mischief.shown())


def mischief_of(body: Json) -> Mischief:
    unknown = set(body) - set(Mischief().shown())
    if unknown:
        raise Refused(f"Unknown: {', '.join(sorted(unknown))}.")
    delay = body.get("delay", 0)
    if isinstance(delay, bool) or not isinstance(delay, int | float):
        raise Refused("delay is a number of seconds.")
    if not 0 <= delay <= MOST_DELAY:
        raise Refused(f"delay is between 0 and {MOST_DELAY:.0f} seconds.")
    return Mischief(
        shuffle=bool(body.get("shuffle", False)),
        double=bool(body.get("double", False)),
        delay=float(delay),
        drop=number({"drop": 0} | body, "drop"),
        wrong_signature=number({"wrong_signature": 0} | body, "wrong_signature"),
    )


async def roll_secret(request: Request) -> Response:
    """`{"keep_seconds": 86400}`: the old secret signs as well for so long, as at Stripe."""
    simulator, body = simulator_of(request), await body_of(request)
    keep = number({"keep_seconds": DAY} | body, "keep_seconds")
    with simulator.store.writing() as tx:
        endpoint = tx.need("webhook_endpoint", request.path_params["id"])
        secret = endpoints.roll(tx, endpoint["id"], until=wall_time() + keep)
    return JSONResponse({"endpoint": endpoint["id"], "secret": secret})


async def set_speed(request: Request) -> Response:
    """`{"times": 3600}`: so many simulated seconds pass in each second; 1 is the usual pace."""
    simulator, body = simulator_of(request), await body_of(request)
    times = number(body, "times")
    if not 1 <= times <= FASTEST:
        raise Refused(f"times is between 1 and {FASTEST}.")
    simulator.speed = times
    return JSONResponse({"times": times})
