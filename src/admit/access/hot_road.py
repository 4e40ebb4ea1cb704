"""`GET /api/v1/access` and `/api/v1/access/{feature}`, answered before the framework is asked.

Its own short list of duties: a request id, the session cookie or the bearer's token, fixed headers,
errors as problem+json, a line in the log when it fails. On a warm snapshot an answer is a look-up,
whatever the credential: a token's signature is looked at when it is read from the database anew.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from itertools import count
from typing import NamedTuple

import structlog
from starlette.responses import Response
from starlette.types import Message, Receive, Send
from starlette.types import Scope as AsgiScope

from admit.access.answers import access_answer, fixed_headers
from admit.access.asking import Asking
from admit.access.snapshots import MOST_PEOPLE, Answer, Header, Snapshot
from admit.accounts.credentials import Credential, of_bearer, of_session
from admit.core.errors import AppError, MethodNotAllowed, SignInNeeded, Unavailable
from admit.core.http.answers import InternalError, as_app_error, problem
from admit.core.http.conditional import names
from admit.core.http.cookies import SESSION, CookieJar
from admit.core.http.frame import REQUEST_ID, NoTrailingSlash
from admit.core.http.state import Parts

log = structlog.get_logger("admit.http")

METHODS = ("GET", "HEAD")
LONGEST_NAMED = 1024
"""Bytes of what is kept to be known again; our tokens are shorter."""


class Shown(NamedTuple):
    """What the headers of a request say."""

    request_id: bytes
    """Given, or new."""
    credential: Credential | None
    held: bytes
    """The tags of what the client holds."""
    features: bytes
    """What a proxy asks for: see `forward`."""


class Road(ABC):
    """The duties of a hot road of access; what it answers is its kind's to say."""

    def __init__(self, parts: Parts, asking: Asking) -> None:
        https = parts.settings.public_url.startswith("https://")
        self.fixed = fixed_headers(https=https)
        self._asking = asking
        self._cookie = CookieJar(https=https).name(SESSION).encode()
        self._id_prefix = f"req_{secrets.token_hex(8)}".encode()
        self._ids = count()
        self._bearers, self._cookies = Named(of_bearer), Named(of_session)

    @abstractmethod
    def question(self, shown: Shown, scope: AsgiScope) -> Hashable:
        """What is asked: the same question has the same answer as long as a snapshot holds."""

    @abstractmethod
    def answer(self, shown: Shown, scope: AsgiScope, snapshot: Snapshot) -> Answer:
        """Raises `AppError` for a refusal."""

    def refusal(self, error: AppError, shown: Shown, scope: AsgiScope) -> Response:
        del scope
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
        if isinstance(error, MethodNotAllowed):
            headers["Allow"] = ", ".join(METHODS)
        return problem(error, shown.request_id.decode(), headers)

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        shown = self._read(scope["headers"])
        if shown.credential and scope["method"] in METHODS:
            snapshot = self._asking.warm(shown.credential)
            answer = snapshot and snapshot.answers.get(self.question(shown, scope))
            if answer:
                await _send(answer, shown, scope, send)
                return
        try:
            await self._slowly(shown, scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told and logged
            response = self.refusal(_told(error, shown), shown, scope)
            await response(scope, receive, self._with_headers(shown, send))

    def _read(self, headers: Iterable[Header]) -> Shown:
        """Whoever sends an Authorization header is asked for nothing else."""
        request_id = cookie = held = features = b""
        authorization = None
        for name, value in headers:
            if name == b"cookie":
                for part in value.split(b";"):
                    key, _, found = part.strip().partition(b"=")
                    if key == self._cookie:
                        cookie = found
            elif name == b"authorization":
                authorization = value
            elif name == b"if-none-match":
                held = value
            elif name == b"x-admit-feature":
                features = value
            elif name == b"x-request-id" and REQUEST_ID.match(value.decode("latin-1")):
                request_id = value
        if authorization is not None:
            credential = self._bearers.named(authorization)
        else:
            credential = self._cookies.named(cookie)
        new_id = b"%b%x" % (self._id_prefix, next(self._ids))
        return Shown(request_id or new_id, credential, held, features)

    async def _slowly(self, shown: Shown, scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/"):
            sending = self._with_headers(shown, send)
            await NoTrailingSlash(self)(scope, receive, sending)
            return
        if scope["method"] not in METHODS:
            raise MethodNotAllowed
        snapshot = await self._asking.snapshot(shown.credential) if shown.credential else None
        if snapshot is None:
            raise SignInNeeded
        answer = self.answer(shown, scope, snapshot)
        snapshot.answers[self.question(shown, scope)] = answer
        await _send(answer, shown, scope, send)

    def _with_headers(self, shown: Shown, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*self.fixed, (b"x-request-id", shown.request_id)]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        return sending


class AccessRoad(Road):
    def question(self, shown: Shown, scope: AsgiScope) -> Hashable:
        del shown
        path: str = scope["path"]
        return path

    def answer(self, shown: Shown, scope: AsgiScope, snapshot: Snapshot) -> Answer:
        """Raises `UnknownFeature`."""
        del shown
        return access_answer(scope["path"], snapshot.access, self.fixed)


class Named:
    """What was shown lately, by its raw bytes, and what it is known under.

    Hashing a token costs as much as all the rest of a warm answer.
    """

    def __init__(self, read: Callable[[str], Credential | None]) -> None:
        self._read = read
        self._known: dict[bytes, Credential] = {}

    def named(self, raw: bytes) -> Credential | None:
        credential = self._known.get(raw)
        if credential is None:
            credential = self._read(raw.decode("latin-1"))
            if credential is not None and len(raw) <= LONGEST_NAMED:
                if len(self._known) >= MOST_PEOPLE:
                    self._known.clear()
                self._known[raw] = credential
        return credential


async def _send(answer: Answer, shown: Shown, scope: AsgiScope, send: Send) -> None:
    status, headers, body = answer.status, answer.headers, answer.body
    if shown.held and answer.etag and _holds(shown, answer):
        status, headers, body = 304, answer.unchanged, b""
    with_id = [*headers, (b"x-request-id", shown.request_id)]
    await send({"type": "http.response.start", "status": status, "headers": with_id})
    sent = body if scope["method"] == "GET" else b""
    await send({"type": "http.response.body", "body": sent})


def _holds(shown: Shown, answer: Answer) -> bool:
    if shown.held == answer.etag:
        return True
    return names(shown.held.decode("latin-1"), answer.etag.decode())


def _told(error: Exception, shown: Shown) -> AppError:
    known = as_app_error(error)
    if known is None or isinstance(known, Unavailable):
        log.error("access.failed", request_id=shown.request_id.decode(), exc_info=error)
    return known or InternalError()
