"""The control room's switches: trouble with deliveries and calls, cards, speed, the whole state."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.api.faults import Fault
from stripe_simulator.control.snapshots import restore, snapshot
from stripe_simulator.pages.card_form import simulator_of, typed
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.simulator import Simulator
from stripe_simulator.webhooks.mischief import Mischief

SPEEDS = {"1": "Usual pace", "60": "A minute a second", "3600": "An hour a second"}
SPEEDS |= {"86400": "A day a second"}
DELIVERIES = {
    "hold": "Hold back",
    "shuffle": "Shuffle",
    "double": "Send twice",
    "delay": "Wait 5 seconds",
    "drop": "Lose the next one",
    "wrong_signature": "Sign the next one wrongly",
}
FAULTS = {
    "api_500": Fault(mode="api_500", count=1),
    "rate_limit": Fault(mode="rate_limit", count=1),
    "slow": Fault(mode="slow", count=1, seconds=5.0),
    "hang": Fault(mode="hang", count=1, seconds=120.0),
    "refuse": Fault(mode="refuse", count=1),
}
FAULT_NAMES = {
    "api_500": "Fail with 500",
    "rate_limit": "Fail with 429",
    "slow": "Take 5 seconds",
    "hang": "Never answer",
    "refuse": "Break the connection",
}
OUTCOMES = {
    "approved": "is approved",
    "generic_decline": "is declined",
    "insufficient_funds": "lacks funds",
    "expired_card": "has expired",
    "challenge": "asks for its holder",
}
TIMES = {"1": "once", "10": "ten times in a row"}
"""Ten are more than the tries before a subscription is given up."""


async def press(request: Request) -> Response:
    """One switch; the page comes back with what is on."""
    simulator = simulator_of(request)
    if not is_our_own_form(request, base_url=simulator.base_url):
        return refused()
    form = {name: str(value) for name, value in (await typed(request)).items()}
    for name, switch in SWITCHES.items():
        if name in form:
            switch(simulator, form)
    return RedirectResponse("/_control#switches", status_code=303)


def set_speed(simulator: Simulator, form: Mapping[str, str]) -> None:
    if form["speed"] in SPEEDS:
        simulator.speed = int(form["speed"])


def set_deliveries(simulator: Simulator, form: Mapping[str, str]) -> None:
    """Pressing what is on turns it off."""
    mischief = simulator.deliveries.mischief
    match form["deliveries"]:
        case "hold":
            hold(simulator, not simulator.deliveries.paused)
        case "shuffle":
            mischief.shuffle = not mischief.shuffle
        case "double":
            mischief.double = not mischief.double
        case "delay":
            mischief.delay = 0.0 if mischief.delay else 5.0
        case "drop":
            mischief.drop = 0 if mischief.drop else 1
        case "wrong_signature":
            mischief.wrong_signature = 0 if mischief.wrong_signature else 1
        case "none":
            simulator.deliveries.mischief = Mischief()
            hold(simulator, False)


def hold(simulator: Simulator, wanted: bool) -> None:
    simulator.deliveries.paused = wanted
    simulator.deliveries.ring()


def add_fault(simulator: Simulator, form: Mapping[str, str]) -> None:
    if form["fault"] in FAULTS:
        fault = FAULTS[form["fault"]]
        simulator.faults.add(Fault(mode=fault.mode, count=1, seconds=fault.seconds))
    elif form["fault"] == "none":
        simulator.faults.clear()


def plan_card(simulator: Simulator, form: Mapping[str, str]) -> None:
    outcome, customer = form["outcome"], form.get("customer", "")
    times = form.get("times", "1")
    if outcome not in OUTCOMES or times not in TIMES:
        return
    with simulator.store.writing() as tx:
        if tx.get(customer, "customer"):
            tx.db.execute(
                "INSERT INTO card_plans (customer, outcome, remaining) VALUES (?, ?, ?)",
                (customer, outcome, int(times)),
            )


def toggle_endpoint(simulator: Simulator, form: Mapping[str, str]) -> None:
    """Disabled endpoints are told of nothing; what waited for them is given up when it is due."""
    with simulator.store.writing() as tx:
        endpoint = tx.get(form["endpoint"], "webhook_endpoint")
        if endpoint and not endpoint.get("deleted"):
            enabled = endpoint["status"] == "enabled"
            endpoint["status"] = "disabled" if enabled else "enabled"
            tx.save(endpoint)


def move_state(simulator: Simulator, form: Mapping[str, str]) -> None:
    match form["state"]:
        case "remember":
            simulator.remembered = snapshot(simulator.store)
        case "restore" if simulator.remembered:
            restore(simulator.store, simulator.remembered)
            simulator.furnish()
        case "reset":
            simulator.reset()


SWITCHES = {
    "speed": set_speed,
    "deliveries": set_deliveries,
    "fault": add_fault,
    "outcome": plan_card,
    "endpoint": toggle_endpoint,
    "state": move_state,
}


def shown(simulator: Simulator) -> dict[str, object]:
    """What the page needs to draw them."""
    trouble = simulator.deliveries.mischief.shown() | {"hold": simulator.deliveries.paused}
    return {
        "speeds": [
            (times, words, int(times) == simulator.speed) for times, words in SPEEDS.items()
        ],
        "deliveries": [(name, words, bool(trouble[name])) for name, words in DELIVERIES.items()],
        "faults": list(FAULT_NAMES.items()),
        "active_faults": len(simulator.faults.active),
        "outcomes": list(OUTCOMES.items()),
        "times": list(TIMES.items()),
        "endpoints": simulator.store.reading().find("webhook_endpoint"),
        "remembers": simulator.remembered is not None,
    }
