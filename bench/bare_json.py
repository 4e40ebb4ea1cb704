"""The bare limit of the simulator: Starlette answers JSON of a customer's size. And a sink."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CUSTOMER = {f"field_{number}": "x" * 20 for number in range(30)}


async def answer(request: Request) -> Response:
    await request.body()
    return JSONResponse(CUSTOMER)


async def sink(request: Request) -> Response:
    """Takes every delivery."""
    await request.body()
    return Response(status_code=200)


app = Starlette(
    routes=[
        Route("/healthz", answer),
        Route("/json", answer, methods=["GET", "POST"]),
        Route("/sink", sink, methods=["POST"]),
    ]
)
