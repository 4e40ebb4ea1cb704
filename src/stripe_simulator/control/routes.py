"""The JSON control API below `/_control`. It refuses nothing that the API does."""

import base64
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stripe_simulator.api.faults import MODES, Fault
from stripe_simulator.api.parameters import LATEST
from stripe_simulator.billing.payments import APPROVED, CHALLENGE
from stripe_simulator.cards import DECLINES, CardDetails
from stripe_simulator.checkout import (
    Challenged,
    Declined,
    NotOpen,
    Paid,
    Reckoned,
    pay_and_tell,
)
from stripe_simulator.clock.periods import moment as calendar_moment
from stripe_simulator.clock.wall import wall_time
from stripe_simulator.control import bank, deliveries, mischief, retries
from stripe_simulator.control.door import ControlRoute
from stripe_simulator.control.reading import body_of, number, simulator_of
from stripe_simulator.control.refusal import Refused
from stripe_simulator.control.snapshots import restore, snapshot
from stripe_simulator.hosted import challenge
from stripe_simulator.pages.answer_form import answers_from
from stripe_simulator.shapes import Json
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.objects import Selection

MOST_EVENTS = 1000


async def show_clock(request: Request) -> Response:
    return JSONResponse(time_of(simulator_of(request)))


def time_of(simulator: Simulator) -> Json:
    store = simulator.store
    return {
        "now": store.now(),
        "epoch": store.epoch,
        "frozen": store.clock.frozen_at is not None,
        "offset": store.now() - int(wall_time()),
        "speed": simulator.speed,
    }


async def advance(request: Request) -> Response:
    """`{"seconds": 3600}` or `{"to": 1767225600}`; answers when everything due was produced."""
    simulator, body = simulator_of(request), await body_of(request)
    store = simulator.store
    if ("seconds" in body) == ("to" in body):
        raise Refused("Give either seconds or to.")
    moment = number(body, "to") if "to" in body else store.now() + number(body, "seconds")
    if moment < store.now():
        raise Refused("Time does not go back.")
    if moment > LATEST:
        raise Refused("Time ends with the year 9000.")
    last = newest_event(simulator)
    await simulator.advance(moment)
    return JSONResponse(time_of(simulator) | {"events": events_after(simulator, last)})


def newest_event(simulator: Simulator) -> int:
    row = simulator.store.db.execute("SELECT MAX(seq) FROM objects").fetchone()
    return row[0] or 0


def events_after(simulator: Simulator, seq: int) -> list[Json]:
    found = simulator.store.reading().select(Selection("event", after=seq, limit=MOST_EVENTS))
    return [{name: event[name] for name in ("id", "type", "created")} for event in found[::-1]]


async def plan_card(request: Request) -> Response:
    """`{"customer", "outcome", "times"}`: what the customer's next charges do."""
    simulator, body = simulator_of(request), await body_of(request)
    outcome, times = body.get("outcome", "generic_decline"), body.get("times", 1)
    if outcome not in (APPROVED, CHALLENGE, *DECLINES):
        raise Refused(f"outcome is one of {', '.join((APPROVED, CHALLENGE, *DECLINES))}.")
    with simulator.store.writing() as tx:
        customer = tx.need("customer", str(body.get("customer")))["id"]
        tx.db.execute(
            "INSERT INTO card_plans (customer, outcome, remaining) VALUES (?, ?, ?)",
            (customer, outcome, number({"times": times}, "times")),
        )
    return JSONResponse({"customer": customer, "outcome": outcome, "times": times})


async def add_fault(request: Request) -> Response:
    """`{"mode", "count", "seconds", "path", "after"}`, as `Fault` says."""
    body = await body_of(request)
    if body.get("mode") not in MODES:
        raise Refused(f"mode is one of {', '.join(MODES)}.")
    unknown = set(body) - {"mode", "count", "seconds", "path", "after"}
    if unknown:
        raise Refused(f"Unknown: {', '.join(sorted(unknown))}.")
    fault = Fault(
        mode=body["mode"],
        count=number(body, "count") if body.get("count") is not None else None,
        seconds=float(body.get("seconds", 3600 if body["mode"] == "hang" else 0)),
        path=str(body.get("path", "/v1/")),
        after=bool(body.get("after", False)),
    )
    simulator_of(request).faults.add(fault)
    return JSONResponse(shown_fault(fault))


def shown_fault(fault: Fault) -> Mapping[str, object]:
    return vars(fault)


async def list_faults(request: Request) -> Response:
    return JSONResponse(
        {"faults": [shown_fault(one) for one in simulator_of(request).faults.active]}
    )


async def clear_faults(request: Request) -> Response:
    simulator_of(request).faults.clear()
    return JSONResponse({"faults": []})


async def pay_session(request: Request) -> Response:
    """`{"card": "4242..."}` presses the hosted page's button. 402 when declined, 409 when over.

    `answers` are the page's other fields; a total that they change is taken as it is.
    """
    simulator, body = simulator_of(request), await body_of(request)
    card = card_of(body, now=simulator.store.now())
    id_, answers = request.path_params["id"], answers_from(body.get("answers") or {})
    outcome = await pay_and_tell(simulator, id_, card=card, answers=answers)
    if isinstance(outcome, Reckoned):
        outcome = await pay_and_tell(simulator, id_, card=card, answers=answers)
    if outcome is None:
        return JSONResponse({"error": {"code": "resource_missing"}}, status_code=404)
    if isinstance(outcome, Declined):
        return JSONResponse({"error": vars(outcome)}, status_code=402)
    if isinstance(outcome, NotOpen):
        return JSONResponse(
            {"error": {"code": outcome.status}, "redirect": outcome.redirect_url}, status_code=409
        )
    if isinstance(outcome, Challenged):
        return await answered(simulator, id_, body, outcome)
    assert isinstance(outcome, Paid)  # noqa: S101 -- the second press finds the total as it is
    return JSONResponse({"redirect": outcome.redirect_url})


async def answered(simulator: Simulator, id_: str, body: Json, asked: Challenged) -> Response:
    """202 with the bank's page, unless `authentication` ("approve" or "fail") says the answer."""
    if "authentication" not in body:
        return JSONResponse({"challenge": asked.url}, status_code=202)
    approved = body["authentication"] == "approve"
    url = await challenge.answer_and_tell(simulator, id_, approved=approved)
    refused = "?problem=" in str(url)
    return JSONResponse({"redirect": url}, status_code=402 if refused else 200)


async def answer_challenge(request: Request) -> Response:
    """`{"approved": true}` answers the bank's page of an intent or of a session."""
    simulator, body = simulator_of(request), await body_of(request)
    approved = bool(body.get("approved", True))
    url = await challenge.answer_and_tell(simulator, request.path_params["id"], approved=approved)
    if url is None:
        return JSONResponse({"error": {"code": "resource_missing"}}, status_code=404)
    return JSONResponse({"redirect": url})


def card_of(body: Json, *, now: int) -> CardDetails:
    """What is not given is filled in so that the number alone decides."""
    digits = str(body.get("card", "4242424242424242"))
    return CardDetails(
        number=digits,
        exp_month=number({"exp_month": 12} | body, "exp_month"),
        exp_year=number({"exp_year": calendar_moment(now).year + 1} | body, "exp_year"),
        cvc=str(body.get("cvc", "1234" if digits.startswith("37") else "123")),
        name=str(body.get("name", "")),
        email=str(body.get("email", "")),
    )


async def reset(request: Request) -> Response:
    """`{"now": unix}` may set the time, too: nothing is left that could remember a later one."""
    simulator, body = simulator_of(request), await body_of(request)
    simulator.reset(now=number(body, "now") if "now" in body else None)
    return JSONResponse(time_of(simulator))


async def take_snapshot(request: Request) -> Response:
    """The whole state as base64 text, for `restore`."""
    simulator = simulator_of(request)
    data = base64.b64encode(snapshot(simulator.store)).decode()
    return JSONResponse(time_of(simulator) | {"snapshot": data})


async def restore_snapshot(request: Request) -> Response:
    """Puts a snapshot back under a new epoch; the clock keeps running on."""
    simulator, body = simulator_of(request), await body_of(request)
    restore(simulator.store, base64.b64decode(str(body.get("snapshot", ""))))
    simulator.furnish()
    return JSONResponse(time_of(simulator))


routes = [
    ControlRoute("/_control/clock", show_clock, methods=["GET"]),
    ControlRoute("/_control/clock/advance", advance, methods=["POST"]),
    ControlRoute("/_control/cards/next", plan_card, methods=["POST"]),
    ControlRoute("/_control/deliveries", deliveries.list_deliveries, methods=["GET"]),
    ControlRoute("/_control/clock/speed", mischief.set_speed, methods=["POST"]),
    ControlRoute("/_control/deliveries/mischief", mischief.show_mischief, methods=["GET"]),
    ControlRoute("/_control/deliveries/mischief", mischief.set_mischief, methods=["POST"]),
    ControlRoute("/_control/endpoints/{id}/roll", mischief.roll_secret, methods=["POST"]),
    ControlRoute("/_control/deliveries/flush", deliveries.flush, methods=["POST"]),
    ControlRoute("/_control/deliveries/pause", deliveries.pause, methods=["POST"]),
    ControlRoute("/_control/deliveries/resume", deliveries.resume, methods=["POST"]),
    ControlRoute("/_control/events", deliveries.list_events, methods=["GET"]),
    ControlRoute("/_control/events/{id}/resend", deliveries.resend, methods=["POST"]),
    ControlRoute("/_control/faults", list_faults, methods=["GET"]),
    ControlRoute("/_control/faults", add_fault, methods=["POST"]),
    ControlRoute("/_control/faults", clear_faults, methods=["DELETE"]),
    ControlRoute("/_control/checkout/{id}/pay", pay_session, methods=["POST"]),
    ControlRoute("/_control/challenges/{id}", answer_challenge, methods=["POST"]),
    *bank.routes,
    *retries.routes,
    ControlRoute("/_control/reset", reset, methods=["POST"]),
    ControlRoute("/_control/snapshot", take_snapshot, methods=["GET"]),
    ControlRoute("/_control/restore", restore_snapshot, methods=["POST"]),
]
