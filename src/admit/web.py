"""The web door: gathers the routes of every slice, and the frame around them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from admit import __version__
from admit.access import routes as access
from admit.access.asking import Asking
from admit.access.deps import load_visitor
from admit.access.forward import ForwardRoad
from admit.access.hot_road import AccessRoad
from admit.access.pages import router as access_pages
from admit.accounts import routes as accounts
from admit.accounts.banned import without_banned_networks
from admit.accounts.deps import note_presence
from admit.billing import api_routes as billing_api
from admit.billing import routes as billing
from admit.billing.deps import warn_of_failed_payment
from admit.billing.versions import routes as versions
from admit.billing.webhooks.intake import Intake
from admit.core.http import health
from admit.core.http.answers import LastResort, install_error_answers
from admit.core.http.cors import ApiCors
from admit.core.http.frame import (
    BodyLimit,
    CrossSiteRule,
    HeadAsGet,
    NoTrailingSlash,
    RequestLog,
    SecurityHeaders,
)
from admit.core.http.hot import HotRoads
from admit.core.http.openapi import describe_api
from admit.core.http.templates import STATIC_ROOT, hashed_names, static_url
from admit.dev import routes as dev
from admit.explainers import EXPLAINERS
from admit.holdings import HOLDINGS
from admit.pages import routes as pages
from admit.pages.no_access import explain_no_access
from admit.wiring import Wiring

A_YEAR = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Names that carry a hash never change what they name."""

    def file_response(self, full_path: object, *args: object, **kwargs: object) -> Response:
        response = super().file_response(full_path, *args, **kwargs)  # type: ignore[arg-type]
        name = str(full_path).replace("\\", "/").rsplit("/", 1)[-1]
        fresh = A_YEAR if name in hashed_names(STATIC_ROOT) else "no-cache"
        response.headers["Cache-Control"] = fresh
        return response


def create_app(wiring: Wiring) -> ASGIApp:
    """The ASGI application; the hot roads are answered before the framework is asked."""
    asking = Asking(wiring.parts)
    app = FastAPI(
        title="Admit",
        version=__version__,
        lifespan=_lifespan(wiring, asking),
        docs_url=None,
        redoc_url=None,
        # `NoTrailingSlash` owns that; two owners send a browser round and round.
        redirect_slashes=False,
    )
    wiring.parts.install(app)
    app.state.billing = wiring.billing
    app.state.passwords = wiring.passwords
    app.state.worker = wiring.worker
    app.state.asking = asking
    app.state.holdings = HOLDINGS
    app.state.explainers = EXPLAINERS
    _include(app, wiring)
    install_error_answers(app)
    explain_no_access(app)
    describe_api(app)
    _frame(app, wiring)
    parts, settings = wiring.parts, wiring.parts.settings
    intake = Intake(
        parts.database, parts.clock, secrets=settings.webhook_secrets, mode=wiring.billing.mode
    )
    access_road = AccessRoad(parts, asking)
    roads = HotRoads(
        app,
        {
            "/healthz": health.healthz,
            "/webhooks/stripe": intake,
            "/api/v1/access": access_road,
            "/api/v1/access/": access_road,
            "/api/v1/access/forward": ForwardRoad(parts, asking),
            "/api/v1/access/token": app,
        },
    )
    origins = settings.cors_allowed_origins
    answered = ApiCors(roads, origins) if origins else roads
    return without_banned_networks(answered, settings)


def _include(app: FastAPI, wiring: Wiring) -> None:
    slices: Sequence[APIRouter] = (
        accounts.router,
        access.router,
        access_pages,
        billing.router,
        billing_api.router,
        versions.router,
        pages.router,
    )
    for_pages = [
        Depends(load_visitor),
        Depends(note_presence),
        Depends(warn_of_failed_payment),
    ]
    for router in slices:
        app.include_router(router, dependencies=for_pages)
    if wiring.parts.settings.uses_simulator and not wiring.parts.settings.is_production:
        app.include_router(dev.router, dependencies=for_pages)
    app.include_router(health.router)
    app.mount("/static", Assets(directory=STATIC_ROOT, check_dir=False))
    app.add_api_route("/favicon.ico", _favicon, include_in_schema=False)


def _favicon() -> Response:
    return RedirectResponse(static_url("favicon.svg"), status_code=308)


def _frame(app: FastAPI, wiring: Wiring) -> None:
    """Added from the inside out: the last one added is the first to see a request."""
    settings = wiring.parts.settings
    https = settings.public_url.startswith("https://")
    app.add_middleware(HeadAsGet)
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CrossSiteRule,
        own_origins=(settings.public_url,),
        any_host=not https,
        api_origins=settings.cors_allowed_origins,
    )
    app.add_middleware(NoTrailingSlash)
    app.add_middleware(LastResort)
    app.add_middleware(SecurityHeaders, form_targets=settings.form_targets, https=https)
    app.add_middleware(RequestLog)


def _lifespan(wiring: Wiring, asking: Asking):  # type: ignore[no-untyped-def]  # noqa: ANN202
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with wiring.running():
            yield
            await asking.rest()

    return lifespan
