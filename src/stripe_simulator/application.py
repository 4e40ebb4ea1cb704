"""The simulator as one ASGI application: API, control, hosted pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import URLPath
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from stripe_simulator.api.application import Api
from stripe_simulator.control.refusal import Refused
from stripe_simulator.control.routes import routes as control_routes
from stripe_simulator.errors import StripeError
from stripe_simulator.pages.routes import routes as page_routes
from stripe_simulator.simulator import DEFAULT_SELLER, Simulator


def create_simulator(
    *,
    state: str | Path | None,
    base_url: str,
    webhook_url: str | None,
    webhook_secret: str | None,
    api_key: str | None = None,
    now: int | None = None,
    seller: str = DEFAULT_SELLER,
) -> Starlette:
    """`state` None or ":memory:" keeps everything in memory; `now` freezes the clock there.

    `base_url` is what browsers see (hosted pages); `api_key` None takes any `sk_test_...`.
    `seller` is the business that customers read about.
    """
    simulator = Simulator(
        state=state,
        base_url=base_url,
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        now=now,
        seller=seller,
    )
    routes: list[BaseRoute] = [
        ApiRoute(Api(simulator.store, simulator.faults, api_key=api_key)),
        *control_routes,
        *page_routes,
    ]
    application = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={Refused: refused, StripeError: stripe_error},
    )
    application.state.simulator = simulator
    return application


class ApiRoute(BaseRoute):
    """Everything below `/v1/` goes to the API without passing a table of routes."""

    def __init__(self, api: ASGIApp) -> None:
        self.api = api

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        inside = scope["type"] == "http" and scope["path"].startswith("/v1/")
        return (Match.FULL if inside else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.api(scope, receive, send)


@asynccontextmanager
async def lifespan(application: Starlette) -> AsyncIterator[None]:
    simulator: Simulator = application.state.simulator
    await simulator.start()
    yield
    await simulator.stop()


async def refused(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": {"message": str(error)}}, status_code=400)


async def stripe_error(request: Request, error: Exception) -> Response:
    """A control call that names something which does not exist."""
    del request
    assert isinstance(error, StripeError)  # noqa: S101 -- registered for it
    return JSONResponse(error.body("control"), status_code=error.status)
