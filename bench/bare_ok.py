"""The bare limit of an access check: Starlette says "ok"."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def ok(request: Request) -> Response:
    del request
    return PlainTextResponse("ok")


app = Starlette(routes=[Route("/healthz", ok), Route("/ok", ok)])
