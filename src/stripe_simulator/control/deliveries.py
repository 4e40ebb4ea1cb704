"""What was delivered, what waits, and events as an endpoint would get them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stripe_simulator.clock.wall import wall_time
from stripe_simulator.control.reading import simulator_of
from stripe_simulator.control.refusal import Refused
from stripe_simulator.shapes import API_VERSION, Json
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.objects import Selection
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.webhooks import endpoints, ledger
from stripe_simulator.webhooks.outbox import deliver
from stripe_simulator.webhooks.payloads import payload
from stripe_simulator.webhooks.signatures import signature
from stripe_simulator.webhooks.versions import VERSIONS

SHOWN_DELIVERIES = 100


async def list_deliveries(request: Request) -> Response:
    simulator = simulator_of(request)
    limit = limit_of(request) or SHOWN_DELIVERIES
    return JSONResponse(
        {
            "paused": simulator.deliveries.paused,
            "counts": ledger.counts(simulator.store.db),
            "deliveries": ledger.log(simulator.store.db, limit=limit),
        }
    )


def limit_of(request: Request) -> int | None:
    asked = request.query_params.get("limit", "")
    return int(asked) if asked.isdecimal() else None


async def flush(request: Request) -> Response:
    simulator = simulator_of(request)
    await simulator.deliveries.flush()
    return JSONResponse({"counts": ledger.counts(simulator.store.db)})


async def pause(request: Request) -> Response:
    simulator_of(request).deliveries.paused = True
    return JSONResponse({"paused": True})


async def resume(request: Request) -> Response:
    deliveries = simulator_of(request).deliveries
    deliveries.paused = False
    deliveries.ring()
    return JSONResponse({"paused": False})


async def list_events(request: Request) -> Response:
    """Every event as the endpoint would receive it: raw payload, its headers, oldest first.

    `api_version` renders them for an endpoint of that version, `after` begins behind an event,
    `limit` ends after so many.
    """
    simulator = simulator_of(request)
    version = request.query_params.get("api_version", API_VERSION)
    if version not in VERSIONS:
        raise Refused(f"api_version is one of {', '.join(VERSIONS)}.")
    tx = simulator.store.reading()
    after = request.query_params.get("after")
    position = (tx.position(after) or 0) if after else 0
    found = tx.select(Selection("event", after=position, limit=limit_of(request)))
    secret = own_secret(simulator)
    return JSONResponse(
        {"events": [delivered(tx, event, version, secret) for event in found[::-1]]}
    )


def own_secret(simulator: Simulator) -> str:
    known = simulator.store.kept(endpoints.OWN)
    secret = endpoints.secret_of(simulator.store.reading(), known) if known else None
    return secret or simulator.webhook[1] or ""


def delivered(tx: Transaction, event: Json, version: str, secret: str) -> Json:
    body = payload(tx, event, version=version)
    header = signature(body, secret, timestamp=int(wall_time()))
    return {
        "id": event["id"],
        "type": event["type"],
        "created": event["created"],
        "payload": body.decode(),
        "headers": {"content-type": "application/json", "stripe-signature": header},
    }


async def resend(request: Request) -> Response:
    """Another delivery of an event to every endpoint that is enabled."""
    simulator = simulator_of(request)
    with simulator.store.writing() as tx:
        event = tx.need("event", request.path_params["id"])
        listening = tx.find("webhook_endpoint", status="enabled")
        for endpoint in listening:
            deliver(tx, event_id=event["id"], endpoint_id=endpoint["id"])
    simulator.deliveries.ring()
    return JSONResponse({"event": event["id"], "deliveries": len(listening)})
