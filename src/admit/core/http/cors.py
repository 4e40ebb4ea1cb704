"""Leave for pages of other sites to ask the API from a browser (Fetch standard, CORS protocol)."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admit.core.http.frame import API

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
ASKED_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"
)
SHOWN_HEADERS = "ETag, Retry-After, X-Request-Id"
REMEMBERED_SECONDS = "600"


class ApiCors:
    """Around everything, so that the hot roads are open to the same sites.

    An origin is in the list letter by letter, or it is nobody's; a wildcard cannot be written.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        known = origin if origin in self.origins else None
        if known and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await send({"type": "http.response.start", "status": 204, "headers": leave(known)})
            await send({"type": "http.response.body", "body": b""})
            return

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                told.add_vary_header("Origin")
                if known:
                    told["Access-Control-Allow-Origin"] = known
                    told["Access-Control-Allow-Credentials"] = "true"
                    told["Access-Control-Expose-Headers"] = SHOWN_HEADERS
            await send(message)

        await self.app(scope, receive, telling)


def leave(origin: str) -> list[tuple[bytes, bytes]]:
    """The answer to a preflight."""
    headers = {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": ASKED_HEADERS,
        "access-control-max-age": REMEMBERED_SECONDS,
        "cache-control": "no-store",
        "vary": "Origin",
    }
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
