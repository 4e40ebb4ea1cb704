"""The receipt of a charge: `/r/{charge_id}`."""

from starlette.requests import Request
from starlette.responses import Response

from stripe_simulator.hosted.receipt import view_receipt
from stripe_simulator.money import display
from stripe_simulator.pages.card_form import simulator_of
from stripe_simulator.pages.offer import day
from stripe_simulator.pages.rendering import notice, page

BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}


async def show(request: Request) -> Response:
    view = view_receipt(simulator_of(request).store, request.path_params["charge_id"])
    if view is None:
        return notice(
            heading="There is no such receipt",
            text="Only a payment that went through has one.",
            status=404,
            mark="?",
        )
    return page(
        "receipt.html",
        view=view,
        brand=BRANDS.get(view.brand, view.brand.title()),
        day=day,
        money=lambda amount: display(amount, view.currency),
    )
