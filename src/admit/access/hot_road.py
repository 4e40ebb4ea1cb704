"""`GET /api/v1/access` and `/api/v1/access/{feature}`, answered before the framework is asked.

Its own short list of duties: a request id, the session cookie or the bearer's token, fixed headers,
errors as problem+json, a line in the log when it fails. On a warm snapshot an answer is a look-up,
whatever the credential: a token's signature is looked at when it is read from the database anew.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from itertools import count
from weakref import WeakValueDictionary

import structlog
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from admit.access.errors import UnknownFeature
from admit.access.revocation import forget_after_commits
from admit.access.schemas import all_features, one_feature
from admit.access.service import Access, access_of
from admit.access.snapshots import MOST_PEOPLE, Answer, Snapshot, Snapshots
from admit.accounts.api_keys.scopes import Scope
from admit.accounts.api_keys.service import note_use
from admit.accounts.credentials import Credential, Recognition, of_bearer, of_session
from admit.core.errors import MethodNotAllowed, SignInNeeded, Unavailable
from admit.core.http.answers import InternalError, as_app_error, problem
from admit.core.http.cookies import SESSION, CookieJar
from admit.core.http.frame import REQUEST_ID, NoTrailingSlash
from admit.core.http.state import Parts

log = structlog.get_logger("admit.http")

PATH = "/api/v1/access"
METHODS = ("GET", "HEAD")
LONGEST_NAMED = 1024
"""Bytes of what is kept to be known again; our tokens are shorter."""
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
        self._recognition = Recognition(parts)
        self._bearers, self._cookies = Named(of_bearer), Named(of_session)
        self._renewals: set[asyncio.Task[None]] = set()
        self._one_reading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        request_id, credential = self._read(scope["headers"])
        if credential and scope["method"] in METHODS:
            answer = self._warm_answer(credential, scope["path"])
            if answer:
                await self._send(answer, request_id, scope, send)
                return
        try:
            await self._slowly(credential, request_id, scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told and logged
            response = failure(error, request_id.decode())
            await response(scope, receive, self._with_headers(request_id, send))

    def _read(self, headers: Iterable[Header]) -> tuple[bytes, Credential | None]:
        """The request's id, given or new, and what it shows of who asks.

        Whoever sends an Authorization header is asked for nothing else.
        """
        request_id = cookie = b""
        authorization = None
        for name, value in headers:
            if name == b"cookie":
                for part in value.split(b";"):
                    key, _, found = part.strip().partition(b"=")
                    if key == self._cookie:
                        cookie = found
            elif name == b"authorization":
                authorization = value
            elif name == b"x-request-id" and REQUEST_ID.match(value.decode("latin-1")):
                request_id = value
        if authorization is not None:
            credential = self._bearers.named(authorization)
        else:
            credential = self._cookies.named(cookie)
        return request_id or b"%b%x" % (self._id_prefix, next(self._ids)), credential

    def _warm_answer(self, credential: Credential, path: str) -> Answer | None:
        snapshot = self._known(credential)
        if snapshot is None:
            return None
        if snapshot.takes_renewal(monotonic=self._clock.monotonic()):
            self._do(self._renew(credential))
        return snapshot.answers.get(path)

    def _known(self, credential: Credential) -> Snapshot | None:
        return self._snapshots.find(
            credential.name, monotonic=self._clock.monotonic(), business=self._clock.business()
        )

    def _do(self, work: Coroutine[None, None, None]) -> None:
        """Beside the answer, which does not wait for it."""
        task = asyncio.create_task(work)
        self._renewals.add(task)
        task.add_done_callback(self._renewals.discard)

    async def _renew(self, credential: Credential) -> None:
        """Fails silently: the request that finds the snapshot too old reads, and tells, itself."""
        with suppress(Exception):
            async with self._turn_of(credential):
                if await self._load(credential) is None:
                    self._snapshots.forget({credential.name})

    async def _slowly(
        self,
        credential: Credential | None,
        request_id: bytes,
        scope: AsgiScope,
        receive: Receive,
        send: Send,
    ) -> None:
        path: str = scope["path"]
        if path.endswith("/"):
            sending = self._with_headers(request_id, send)
            await NoTrailingSlash(self)(scope, receive, sending)
            return
        if scope["method"] not in METHODS:
            raise MethodNotAllowed
        snapshot = await self._snapshot(credential) if credential else None
        if snapshot is None:
            raise SignInNeeded
        answer = encode(answer_at(path, snapshot.access))
        snapshot.answers[path] = answer
        await self._send(answer, request_id, scope, send)

    async def _snapshot(self, credential: Credential) -> Snapshot | None:
        """Many who wait for one session are served by one reading; each looks again after it."""
        async with self._turn_of(credential):
            return self._known(credential) or await self._load(credential)

    def _turn_of(self, credential: Credential) -> asyncio.Lock:
        return self._one_reading.setdefault(credential.name, asyncio.Lock())

    async def _load(self, credential: Credential) -> Snapshot | None:
        """Raises `ScopeNeeded` for an API key that was made for something else."""
        began, now = self._clock.monotonic(), self._clock.wall()
        with self._snapshots.loading() as load:
            async with self._database.read() as db:
                known = await self._recognition.of(db, credential, now=now)
                if known is None:
                    return None
                access = await access_of(db, known.person.id, self._clock.business())
            known.needs(Scope.access_read)
            if known.key_id is not None and known.use_is_due:
                self._do(self._note_use(known.key_id))
            until = began + known.seconds_left(now)
            return self._snapshots.remember(load, credential.name, access, now=began, until=until)

    async def _note_use(self, key_id: str) -> None:
        with suppress(SQLAlchemyError):
            async with self._database.write() as db:
                await note_use(db, key_id, now=self._clock.wall())

    async def _send(self, answer: Answer, request_id: bytes, scope: AsgiScope, send: Send) -> None:
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
