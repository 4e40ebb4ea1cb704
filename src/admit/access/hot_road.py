"""`GET /api/v1/access` and `/api/v1/access/{feature}`, answered before the framework is asked.

Its own short list of duties: a request id, the session cookie, fixed headers, errors as
problem+json, a line in the log when it fails. On a warm snapshot an answer is a look-up.
"""

import asyncio
import secrets
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from weakref import WeakValueDictionary

import structlog
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admit.access.errors import UnknownFeature
from admit.access.revocation import forget_after_commits
from admit.access.schemas import all_features, one_feature
from admit.access.service import Access, access_of
from admit.access.snapshots import Answer, Snapshot, Snapshots
from admit.accounts.sessions.service import person_of_token
from admit.core.crypto import hash_token
from admit.core.errors import MethodNotAllowed, SignInNeeded, Unavailable
from admit.core.http.answers import InternalError, as_app_error, problem
from admit.core.http.cookies import SESSION, CookieJar
from admit.core.http.frame import REQUEST_ID, NoTrailingSlash
from admit.core.http.state import Parts

log = structlog.get_logger("admit.http")

PATH = "/api/v1/access"
METHODS = ("GET", "HEAD")
Header = tuple[bytes, bytes]


def hot_road(parts: Parts) -> ASGIApp:
    """The endpoint of both addresses, with the snapshots of this process."""
    snapshots = Snapshots()
    forget_after_commits(parts.database, snapshots)
    return AccessRoad(parts, snapshots)


class AccessRoad:
    def __init__(self, parts: Parts, snapshots: Snapshots) -> None:
        https = parts.settings.public_url.startswith("https://")
        self._database = parts.database
        self._clock = parts.clock
        self._snapshots = snapshots
        self._cookie = CookieJar(https=https).name(SESSION).encode()
        self._fixed = fixed_headers(https=https)
        self._ok = [*self._fixed, (b"content-type", b"application/json")]
        self._id_prefix = f"req_{secrets.token_hex(8)}".encode()
        self._ids = count()
        self._renewals: set[asyncio.Task[None]] = set()
        self._one_reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id, token = self._read(scope["headers"])
        if token and scope["method"] in METHODS:
            answer = self._warm_answer(token, scope["path"])
            if answer:
                await self._send(answer, request_id, scope, send)
                return
        try:
            await self._slowly(token, request_id, scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told and logged
            response = failure(error, request_id.decode())
            await response(scope, receive, self._with_headers(request_id, send))

    def _read(self, headers: Iterable[Header]) -> tuple[bytes, str]:
        """The request's id, given or new, and the token of the session cookie, or nothing."""
        request_id = token = b""
        for name, value in headers:
            if name == b"cookie":
                for part in value.split(b";"):
                    key, _, found = part.strip().partition(b"=")
                    if key == self._cookie:
                        token = found
            elif name == b"x-request-id" and REQUEST_ID.match(value.decode("latin-1")):
                request_id = value
        return request_id or b"%b%x" % (self._id_prefix, next(self._ids)), token.decode("latin-1")

    def _warm_answer(self, token: str, path: str) -> Answer | None:
        token_hash = hash_token(token)
        snapshot = self._known(token_hash)
        if snapshot is None:
            return None
        if snapshot.takes_renewal(monotonic=self._clock.monotonic()):
            renewal = asyncio.create_task(self._renew(token, token_hash))
            self._renewals.add(renewal)
            renewal.add_done_callback(self._renewals.discard)
        return snapshot.answers.get(path)

    def _known(self, token_hash: str) -> Snapshot | None:
        return self._snapshots.find(
            token_hash, monotonic=self._clock.monotonic(), business=self._clock.business()
        )

    async def _renew(self, token: str, token_hash: str) -> None:
        """Fails silently: the request that finds the snapshot too old reads, and tells, itself."""
        with suppress(Exception):
            async with self._turn_of(token_hash):
                if await self._load(token, token_hash) is None:
                    self._snapshots.forget({token_hash})

    async def _slowly(
        self, token: str, request_id: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        path: str = scope["path"]
        if path.endswith("/"):
            sending = self._with_headers(request_id, send)
            await NoTrailingSlash(self)(scope, receive, sending)
            return
        if scope["method"] not in METHODS:
            raise MethodNotAllowed
        snapshot = await self._snapshot(token) if token else None
        if snapshot is None:
            raise SignInNeeded
        answer = encode(answer_at(path, snapshot.access))
        snapshot.answers[path] = answer
        await self._send(answer, request_id, scope, send)

    async def _snapshot(self, token: str) -> Snapshot | None:
        """Many who wait for one session are served by one reading; each looks again after it."""
        token_hash = hash_token(token)
        async with self._turn_of(token_hash):
            return self._known(token_hash) or await self._load(token, token_hash)

    def _turn_of(self, token_hash: str) -> asyncio.Lock:
        return self._one_reading.setdefault(token_hash, asyncio.Lock())

    async def _load(self, token: str, token_hash: str) -> Snapshot | None:
        began = self._clock.monotonic()
        with self._snapshots.loading() as load:
            async with self._database.read() as db:
                person = await person_of_token(db, token, now=self._clock.wall())
                if person is None:
                    return None
                access = await access_of(db, person.id, self._clock.business())
            return self._snapshots.remember(load, token_hash, access, now=began)

    async def _send(self, answer: Answer, request_id: bytes, scope: Scope, send: Send) -> None:
        headers = [*self._ok, (b"content-length", answer.length), (b"x-request-id", request_id)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = answer.body if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": body})

    def _with_headers(self, request_id: bytes, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*self._fixed, (b"x-request-id", request_id)]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        return sending


def fixed_headers(*, https: bool) -> list[Header]:
    headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    if https:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


def answer_at(path: str, access: Access) -> BaseModel:
    """Raises `UnknownFeature`."""
    if path == PATH:
        return all_features(access)
    feature = path.removeprefix(f"{PATH}/")
    if feature not in access.decisions:
        raise UnknownFeature
    return one_feature(feature, access.decisions[feature])


def encode(answer: BaseModel) -> Answer:
    body = answer.model_dump_json().encode()
    return Answer(body=body, length=str(len(body)).encode())


def failure(error: Exception, request_id: str) -> Response:
    known = as_app_error(error)
    if known is None or isinstance(known, Unavailable):
        log.error("access.failed", request_id=request_id, exc_info=error)
    told = known or InternalError()
    headers = {"Retry-After": str(told.retry_after)} if told.retry_after else {}
    if isinstance(told, MethodNotAllowed):
        headers["Allow"] = ", ".join(METHODS)
    return problem(told, request_id, headers)
