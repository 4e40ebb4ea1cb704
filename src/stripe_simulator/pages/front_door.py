"""`/`: what this server is, for whoever opens its address."""

from starlette.requests import Request
from starlette.responses import Response

from stripe_simulator.pages.overview import endpoint_urls, moment
from stripe_simulator.pages.rendering import page
from stripe_simulator.pages.test_cards import OFFERED
from stripe_simulator.shapes import API_VERSION
from stripe_simulator.simulator import Simulator


async def show(request: Request) -> Response:
    simulator: Simulator = request.app.state.simulator
    return page(
        "landing.html",
        version=API_VERSION,
        base_url=simulator.base_url,
        endpoints=endpoint_urls(simulator.store),
        now=moment(simulator.store.now()).text,
        test_cards=OFFERED,
    )
