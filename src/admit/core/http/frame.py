"""What surrounds every page: request ids, one log line, body limit, headers, cross-site rule.

All of it is plain ASGI: middleware classes of frameworks that wrap bodies cost more than the page.
"""

import re
import secrets
import time
from collections.abc import Sequence
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admit.core.errors import AppError, CrossSite, TooLarge
from admit.core.http.answers import error_response
from admit.core.ids import new_id

log = structlog.get_logger("admit.http")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
MAX_BODY_BYTES = 256_000
API = "/api/"
REQUEST_ID = re.compile(r"[\w.-]{8,64}\Z", re.ASCII)
SECRET_PATHS = re.compile(
    r"^/+(sign-in/link|verify|setup|invitations|newsletter/unsubscribe|password/new|email/confirm"
    r"|email/undo|reopen)/+[^/]+"
)
ONE_CLICK = "/newsletter/unsubscribe/"
"""Mail programs send this form from their own servers (RFC 8058); its path holds the right to."""
LARGER_BODIES = {"/account/profile/picture": 7_000_000}
"""Bytes, by path; a photograph as cameras take it."""


class RequestLog:
    """Gives each request its id and writes its one line when it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                log.info(
                    "request",
                    method=scope["method"],
                    path=loggable_path(scope["path"]),
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


def request_id_of(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if REQUEST_ID.match(given) else new_id("req")


def loggable_path(path: str) -> str:
    """Links of mails carry their token in the path; it must not reach the log."""
    return SECRET_PATHS.sub(lambda found: f"/{found[1]}/[hidden]", path)


class BodyLimit:
    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        max_bytes = LARGER_BODIES.get(scope["path"], self.max_bytes)
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > max_bytes:
            await refuse(TooLarge(), scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > max_bytes:
                raise TooLarge
            return message

        await self.app(scope, limited, send)


class CrossSiteRule:
    """An unsafe request is answered only when the browser says that it began on this site.

    Fetch metadata decides where it is sent; else the Origin header; a request that shows neither
    is refused. https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site

    A program is no browser and says nothing of sites. Under /api it is let in, as long as it sends
    what no page can make a browser send elsewhere without asking first. `api_origins` are the sites
    that were given leave to ask (CORS).

    `any_host` (development) takes whatever the browser calls this host: `localhost` is as good as
    `127.0.0.1`. Behind a proxy that ends TLS it would let the http twin of the site in.
    """

    def __init__(
        self,
        app: ASGIApp,
        own_origins: Sequence[str],
        *,
        any_host: bool = False,
        api_origins: Sequence[str] = (),
    ) -> None:
        self.app = app
        self.own_origins = frozenset(own_origins)
        self.any_host = any_host
        self.api_origins = frozenset(api_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.allows(scope):
            await refuse(CrossSite(), scope, receive, send)
            return
        await self.app(scope, receive, send)

    def allows(self, scope: Scope) -> bool:
        if scope["method"] in SAFE_METHODS:
            return True
        headers = Headers(scope=scope)
        if scope["path"].startswith(ONE_CLICK) and "cookie" not in headers:
            return True
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        is_api = scope["path"].startswith(API)
        if is_api and origin in self.api_origins:
            return True
        if origin is not None and not self.is_own(origin, scope, headers):
            return False
        if site is not None:
            return site in {"same-origin", "none"}
        return origin is not None or (is_api and says_what_no_form_can(headers))

    def is_own(self, origin: str, scope: Scope, headers: Headers) -> bool:
        if origin in self.own_origins:
            return True
        host = headers.get("host")
        return self.any_host and bool(host) and origin == f"{scope['scheme']}://{host}"


class SecurityHeaders:
    """The same headers on every answer; the policy's nonce is new for each request."""

    def __init__(self, app: ASGIApp, *, form_targets: Sequence[str], https: bool) -> None:
        self.app = app
        self.https = https
        self.policy = "; ".join(
            (
                "default-src 'none'",
                "script-src 'nonce-{nonce}' 'strict-dynamic'",
                "style-src 'self'",
                "img-src 'self' data:",
                "font-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                "frame-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                f"form-action 'self' {' '.join(form_targets)}",
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers(nonce).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def headers(self, nonce: str) -> dict[str, str]:
        fixed = {
            "Content-Security-Policy": self.policy.replace("{nonce}", nonce),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
            "Cache-Control": "no-store",
        }
        if self.https:
            fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return fixed


def says_what_no_form_can(headers: Headers) -> bool:
    """Nothing that a browser adds by itself, or a header or type that needs leave (Fetch, CORS)."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return "cookie" not in headers or "authorization" in headers or media_type == "application/json"


class NoTrailingSlash:
    """`/pricing/` is `/pricing`: one address a page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or len(path) < 2 or not path.endswith("/"):
            await self.app(scope, receive, send)
            return
        # One leading slash: "//elsewhere/" must not become an address of another host.
        target = quote("/" + path.strip("/\\"))
        query = scope.get("query_string", b"").decode("latin-1")
        location = f"{target}?{query}" if query else target
        await send(
            {
                "type": "http.response.start",
                "status": 308,
                "headers": [(b"location", location.encode("latin-1")), (b"content-length", b"0")],
            }
        )
        await send({"type": "http.response.body", "body": b""})


class HeadAsGet:
    """HEAD is answered wherever GET is, without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


async def refuse(error: AppError, scope: Scope, receive: Receive, send: Send) -> None:
    response = error_response(Request(scope, receive), error)
    await response(scope, receive, send)
