"""What a bank does that no API call of the seller's brings about."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stripe_simulator.billing import card_updates, disputes, refunds
from stripe_simulator.cards import CARDS
from stripe_simulator.control.door import ControlRoute
from stripe_simulator.control.reading import body_of, number, simulator_of
from stripe_simulator.control.refusal import Refused
from stripe_simulator.shapes import Json


async def dispute_charge(request: Request) -> Response:
    """`{"charge", "amount", "reason"}`: its holder disputes it, now."""
    simulator, body = simulator_of(request), await body_of(request)
    reason = body.get("reason", "fraudulent")
    if reason not in disputes.REASONS:
        raise Refused(f"reason is one of {', '.join(disputes.REASONS)}.")
    amount = number(body, "amount") if "amount" in body else None
    with simulator.store.writing() as tx:
        charge = tx.need("charge", str(body.get("charge")))
        made = disputes.open_dispute(tx, charge, amount=amount, reason=reason)
    return JSONResponse({"dispute": made["id"], "amount": made["amount"]})


async def settle_dispute(request: Request) -> Response:
    """`{"outcome": "won"}` or `"lost"`: the bank decides."""
    simulator, body = simulator_of(request), await body_of(request)
    if body.get("outcome") not in ("won", "lost"):
        raise Refused("outcome is one of won, lost.")
    with simulator.store.writing() as tx:
        made = tx.need("dispute", request.path_params["id"])
        disputes.settle(tx, made, outcome=body["outcome"])
    return JSONResponse({"dispute": made["id"], "status": made["status"]})


async def fail_refund(request: Request) -> Response:
    """`{"reason": "lost_or_stolen_card"}`: the bank sends a refund back."""
    simulator, body = simulator_of(request), await body_of(request)
    with simulator.store.writing() as tx:
        made = tx.need("refund", request.path_params["id"])
        if made["status"] != "succeeded":
            raise Refused(f"The refund is {made['status']}.")
        refunds.fail(tx, made, reason=str(body.get("reason", "unknown")))
    return JSONResponse({"refund": made["id"], "status": made["status"]})


async def replace_card(request: Request) -> Response:
    """`{"card", "exp_month", "exp_year"}`, each of them optional: the holder has a new card."""
    simulator, body = simulator_of(request), await body_of(request)
    card = body.get("card")
    if card is not None and card not in CARDS:
        raise Refused("card is the number of one of the test cards, digits only.")
    with simulator.store.writing() as tx:
        method = tx.need("payment_method", request.path_params["id"])
        card_updates.replace(
            tx,
            method,
            number=card,
            exp_month=expiry(body, "exp_month", 1, 12),
            exp_year=expiry(body, "exp_year", 2000, 2100),
        )
    shown = {name: method["card"][name] for name in ("last4", "exp_month", "exp_year")}
    return JSONResponse({"payment_method": method["id"], **shown})


def expiry(body: Json, name: str, least: int, most: int) -> int | None:
    if name not in body:
        return None
    value = number(body, name)
    if not least <= value <= most:
        raise Refused(f"{name} is from {least} to {most}.")
    return value


routes = [
    ControlRoute("/_control/disputes", dispute_charge, methods=["POST"]),
    ControlRoute("/_control/disputes/{id}", settle_dispute, methods=["POST"]),
    ControlRoute("/_control/refunds/{id}/fail", fail_refund, methods=["POST"]),
    ControlRoute("/_control/payment_methods/{id}/replace", replace_card, methods=["POST"]),
]
