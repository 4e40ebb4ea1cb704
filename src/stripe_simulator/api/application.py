"""The API as a plain ASGI application: one call, one transaction, one answer."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from stripe_simulator.api import forms, idempotency
from stripe_simulator.api.credentials import check_key
from stripe_simulator.api.dates import http_date
from stripe_simulator.api.expansion import expanded
from stripe_simulator.api.faults import Fault, Faults
from stripe_simulator.api.operations import Operation
from stripe_simulator.api.parameters import parse
from stripe_simulator.api.routing import match
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.passing import run_due
from stripe_simulator.shapes import API_VERSION, Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Cause, Transaction
from stripe_simulator.webhooks.payloads import find
from stripe_simulator.webhooks.versions import VERSIONS, render

LARGEST_BODY = 1_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A call that is known, allowed and well formed."""

    operation: Operation
    ids: list[str]
    params: Json
    version: str
    request_id: str
    call: idempotency.Call | None

    def result(self, tx: Transaction) -> bytes:
        paths = self.params.pop("expand", [])
        return shape(tx, self.operation.handler(tx, self.params, *self.ids), paths, self.version)


class Api:
    """`/v1/...`. Keys in use are held in memory: a key is in progress only while a call runs."""

    def __init__(self, store: Store, faults: Faults, *, api_key: str | None = None) -> None:
        self.store = store
        self.faults = faults
        self.api_key = api_key
        self.in_progress: set[str] = set()
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        key = idempotency_key(request)
        if key is not None and key in self.in_progress:
            answer = self.error(idempotency.in_use(key), self.request_id())
            await respond(answer, scope, receive, send)
            return
        fault = self.faults.next_for(request.url.path)
        if key is not None:
            self.in_progress.add(key)
        try:
            answer = await self.meet(request, body, fault, receive)
        finally:
            self.in_progress.discard(key or "")
        if fault is not None and fault.mode == "refuse":
            await break_connection(send)
            return
        await respond(answer, scope, receive, send)

    async def meet(
        self, request: Request, body: bytes, fault: Fault | None, receive: Receive
    ) -> Answer:
        """The call with the trouble that was ordered for it."""
        if fault is None:
            return self.answer(request, body)
        done = self.answer(request, body) if fault.after else None
        if fault.seconds:
            await patience(receive, fault.seconds)
        if fault.mode == "slow":
            return done or self.answer(request, body)
        return self.error(trouble(fault), self.request_id())

    def answer(self, request: Request, body: bytes) -> Answer:
        """What is due by now has happened before anyone asks."""
        run_due(self.store, until=self.store.now())
        request_id = self.request_id()
        try:
            check_key(request.headers.get("authorization"), only=self.api_key)
            version = checked_version(request.headers.get("stripe-version"))
            found = match(request.method, unquote(request.url.path))
            if found is None:
                raise unrecognized(request)
            call = idempotent_call(request, body)
            replayed = idempotency.remembered(self.store.db, call) if call else None
            if replayed:
                return self.replay(replayed, request_id, call)
            params = parameters(found[0], request, body)
        except StripeError as error:
            return self.error(error, request_id)
        return self.run(Asked(*found, params, version, request_id, call))

    def run(self, asked: Asked) -> Answer:
        try:
            return self.read(asked) if asked.operation.method == "GET" else self.write(asked)
        except StripeError as error:
            answer = self.error(error, asked.request_id, asked.call)
            self.keep(asked.call, answer, asked.request_id)
            return answer

    def read(self, asked: Asked) -> Answer:
        tx = self.store.reading()
        return self.ok(asked.result(tx), asked.request_id, None)

    def write(self, asked: Asked) -> Answer:
        """A write, its events and its remembered answer are committed together."""
        cause = Cause(asked.request_id, asked.call.key if asked.call else None)
        with self.store.writing(cause) as tx:
            answer = self.settled(tx, asked)
            self.keep(asked.call, answer, asked.request_id)
        return answer

    def settled(self, tx: Transaction, asked: Asked) -> Answer:
        """Done, or declined with something to keep."""
        try:
            return self.ok(asked.result(tx), asked.request_id, asked.call)
        except StripeError as error:
            if not error.keeps_changes:
                raise
            return self.error(error, asked.request_id, asked.call)

    def keep(self, call: idempotency.Call | None, answer: Answer, request_id: str) -> None:
        if call:
            kept = idempotency.Remembered(answer.status, answer.body, request_id)
            idempotency.remember(self.store.db, call, kept)

    def ok(self, body: bytes, request_id: str, call: idempotency.Call | None) -> Answer:
        return Answer(200, body, self.headers(request_id, call))

    def error(
        self, error: StripeError, request_id: str, call: idempotency.Call | None = None
    ) -> Answer:
        body = json.dumps(error.body(request_id), indent=2).encode()
        return Answer(error.status, body, self.headers(request_id, call))

    def replay(
        self, kept: idempotency.Remembered, request_id: str, call: idempotency.Call | None
    ) -> Answer:
        again = {"idempotent-replayed": "true", "original-request": kept.request_id}
        return Answer(kept.status, kept.body, self.headers(request_id, call) | again)

    def headers(self, request_id: str, call: idempotency.Call | None) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "date": http_date(self.store.now()),
            "request-id": request_id,
            "stripe-version": API_VERSION,
        }
        return headers | {"idempotency-key": call.key} if call else headers

    def request_id(self) -> str:
        """Counted in memory, and different after a restart."""
        self.requests += 1
        return f"req_{self.store.session}{self.requests:06d}"


def shape(tx: Transaction, result: Json, paths: list[str], version: str) -> bytes:
    shown = expanded(tx, listed(result), paths)
    if version != API_VERSION:
        shown = render(shown, version, find=lambda name: find(tx, name))
    return json.dumps(shown).encode()


def listed(result: Json) -> Json:
    """What a list holds is shown without notes, too."""
    if result["object"] not in ("list", "search_result"):
        return result
    clean = [{k: v for k, v in entry.items() if k[0] != "_"} for entry in result["data"]]
    return result | {"data": clean}


def parameters(operation: Operation, request: Request, body: bytes) -> Json:
    if len(body) > LARGEST_BODY:
        raise StripeError(413, "The request is too large.")
    query = request.url.query
    form = body.decode("utf-8", "replace")
    content = request.headers.get("content-type", "").partition(";")[0].strip()
    if form and content != "application/x-www-form-urlencoded":
        raise invalid(
            "Invalid request (check that your POST content type is"
            " application/x-www-form-urlencoded)."
        )
    decoded = forms.decode("&".join(part for part in (query, form) if part))
    return parse(decoded, operation.fields, operation.required)


def idempotency_key(request: Request) -> str | None:
    return request.headers.get("idempotency-key") if request.method == "POST" else None


def idempotent_call(request: Request, body: bytes) -> idempotency.Call | None:
    key = idempotency_key(request)
    if not key:
        return None
    return idempotency.call(key, method=request.method, path=request.url.path, body=body)


def checked_version(asked: str | None) -> str:
    if asked is None:
        return API_VERSION
    if asked not in VERSIONS:
        raise invalid(f"Invalid Stripe API version: {asked}")
    return asked


def unrecognized(request: Request) -> StripeError:
    return StripeError(
        404,
        f"Unrecognized request URL ({request.method}: {request.url.path}). Please see"
        " https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def trouble(fault: Fault) -> StripeError:
    if fault.mode == "rate_limit":
        return StripeError(429, "Request rate limit exceeded.", code="rate_limit")
    if fault.mode == "forbid":
        return StripeError(
            403, "The provided key does not have the required permissions for this endpoint."
        )
    return StripeError(500, "An unexpected error occurred.", type="api_error")


async def patience(receive: Receive, seconds: float) -> None:
    """As long as this, or until the caller has gone."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await receive()


async def break_connection(send: Send) -> None:
    """A promised body that never comes: the server closes the connection."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )


async def respond(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    response = Response(answer.body, status_code=answer.status, headers=answer.headers)
    await response(scope, receive, send)
