"""What can be done to one record from the control room: what its bank would do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stripe_simulator.billing import card_updates, disputes, refunds
from stripe_simulator.pages.card_form import simulator_of, typed
from stripe_simulator.pages.protection import is_our_own_form, refused
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


@dataclass(frozen=True)
class Deed:
    """`fits`: whether it can be done to this object as it is now."""

    words: str
    fits: Callable[[Json], bool]
    do: Callable[[Transaction, Json], object]


DEEDS: Mapping[str, Mapping[str, Deed]] = {
    "charge": {
        "dispute": Deed(
            "Its holder disputes it",
            lambda charge: (
                charge["status"] == "succeeded" and charge["captured"] and not charge["disputed"]
            ),
            disputes.open_dispute,
        ),
    },
    "dispute": {
        "won": Deed(
            "The bank decides for the seller",
            lambda dispute: dispute["status"] in disputes.OPEN,
            lambda tx, dispute: disputes.settle(tx, dispute, outcome="won"),
        ),
        "lost": Deed(
            "The bank decides for the holder",
            lambda dispute: dispute["status"] in disputes.OPEN,
            lambda tx, dispute: disputes.settle(tx, dispute, outcome="lost"),
        ),
    },
    "refund": {
        "fail": Deed(
            "The bank sends it back",
            lambda refund: refund["status"] == "succeeded",
            lambda tx, refund: refunds.fail(tx, refund, reason="unknown"),
        ),
    },
    "payment_method": {
        "replace": Deed(
            "The bank replaces the card",
            lambda method: not method.get("deleted"),
            card_updates.replace,
        ),
    },
}


def offered(found: Json) -> list[tuple[str, str]]:
    """Names and words of what can be done to it."""
    deeds = DEEDS.get(found["object"], {})
    return [
        (name, deed.words)
        for name, deed in deeds.items()
        if not found.get("deleted") and deed.fits(found)
    ]


async def do(request: Request) -> Response:
    """`deed` is the name of it; the record's page comes back."""
    simulator = simulator_of(request)
    if not is_our_own_form(request, base_url=simulator.base_url):
        return refused()
    wanted, id_ = str((await typed(request)).get("deed", "")), request.path_params["id"]
    with simulator.store.writing() as tx:
        found = tx.get(id_)
        if found and wanted in dict(offered(found)):
            DEEDS[found["object"]][wanted].do(tx, found)
    return RedirectResponse(f"/_control/objects/{id_}", status_code=303)
