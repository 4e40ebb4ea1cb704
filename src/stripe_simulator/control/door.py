"""Who may change the simulator: programs, and its own pages; never another site's page."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from stripe_simulator.control.reading import simulator_of
from stripe_simulator.pages.protection import is_our_own_form

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_ELSEWHERE = "This call came from another site's page, so nothing was done."


class ControlRoute(Route):
    """A control call; an unsafe one that a browser makes for another site is answered 403."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method not in SAFE and not is_ours(request):
            response: Response = JSONResponse(
                {"error": {"message": FROM_ELSEWHERE}}, status_code=403
            )
            await response(scope, receive, send)
            return
        await super().handle(scope, receive, send)


def is_ours(request: Request) -> bool:
    return is_our_own_form(request, base_url=simulator_of(request).base_url)
