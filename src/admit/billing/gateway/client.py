import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import anyio.to_thread
import stripe
from anyio import CapacityLimiter

from admit.billing.gateway.errors import GatewayRefused, GatewayUnavailable
from admit.billing.gateway.pace import LIVE, TEST, Pace
from admit.core.clock import to_seconds
from admit.core.config import Settings
from admit.core.faults import CrashPoints

API_VERSION = "2026-10-28.endive"
CONCURRENT_CALLS = 8
RETRIES = 1
PAGE_SIZE = 100
RETRYABLE = frozenset({409, 429})


@dataclass(frozen=True)
class Answer:
    """What Stripe said, and its own second of saying it (the response's Date header)."""

    body: Mapping[str, Any]
    second: int


class Gateway:
    """Calls to Stripe as raw JSON through the SDK's transport: signing, retries and idempotency
    are the SDK's, its object building (most of the cost) is left out.

    Every write carries a key derived from a row already committed, so that a retry after a crash
    is the same request (https://docs.stripe.com/api/idempotent_requests).
    Raises `GatewayUnavailable` when the same request may be sent again, else `GatewayRefused`.
    """

    def __init__(
        self,
        *,
        key: str,
        base: str,
        timeout: float,
        pace: Pace | None = None,
        crash_points: CrashPoints | None = None,
    ) -> None:
        self._http = stripe.RequestsClient(timeout=timeout)
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": base},
            stripe_version=API_VERSION,
            http_client=self._http,
            max_network_retries=RETRIES,
        )
        self._limiter = CapacityLimiter(CONCURRENT_CALLS)
        self._pace = pace or Pace(None)
        self._crash_points = crash_points or CrashPoints()

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return dict((await self._call("get", path, params)).body)

    async def look(self, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """A read whose moment matters: `second` is by Stripe's clock."""
        return await self._call("get", path, params)

    async def post(
        self, path: str, params: Mapping[str, Any] | None = None, *, key: str
    ) -> dict[str, Any]:
        return dict((await self._call("post", path, params, key=key)).body)

    async def delete(
        self, path: str, params: Mapping[str, Any] | None = None, *, key: str
    ) -> dict[str, Any]:
        return dict((await self._call("delete", path, params, key=key)).body)

    async def pages(
        self, path: str, params: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Answer]:
        """Each page of a list, newest first (https://docs.stripe.com/api/pagination)."""
        asked = {"limit": PAGE_SIZE, **(params or {})}
        while True:
            answer = await self.look(path, asked)
            yield answer
            rows = answer.body["data"]
            if not answer.body["has_more"] or not rows:
                return
            asked["starting_after"] = rows[-1]["id"]

    async def _call(
        self, method: str, path: str, params: Mapping[str, Any] | None, *, key: str | None = None
    ) -> Answer:
        options = {"idempotency_key": key} if key else {}
        arguments = dict(params or {})

        def call() -> Answer:
            self._crash_points.before("gateway")
            response = self._client.raw_request(method, path, **arguments, **options)
            self._crash_points.after("gateway")
            return _answer(response)

        await self._pace.turn()
        return await anyio.to_thread.run_sync(_translating(call), limiter=self._limiter)

    def close(self) -> None:
        self._http.close()  # type: ignore[no-untyped-call]


def _answer(response: Any) -> Answer:
    return Answer(body=json.loads(response.body), second=_second_of(response.headers))


def _second_of(headers: Mapping[str, str] | None) -> int:
    """Raises `GatewayUnavailable`: what bears no date is no answer of Stripe's."""
    try:
        return to_seconds(parsedate_to_datetime((headers or {})["Date"]))
    except (KeyError, ValueError) as error:
        raise GatewayUnavailable from error


def _translating(call: Callable[[], Answer]) -> Callable[[], Answer]:
    def translated() -> Answer:
        try:
            return call()
        except stripe.APIConnectionError as error:
            raise GatewayUnavailable from error
        except stripe.StripeError as error:
            status = error.http_status
            if status is None or not 400 <= status < 500 or status in RETRYABLE:
                # Neither Stripe's yes nor its no: a page of something in between, say.
                raise GatewayUnavailable from error
            raise GatewayRefused(
                status=status,
                code=error.code,
                param=getattr(error, "param", None),
                reason=error.user_message or str(error),
                second=_second_of(error.headers),
            ) from error

    return translated


def open_gateway(settings: Settings, *, crash_points: CrashPoints | None = None) -> Gateway:
    return Gateway(
        key=settings.stripe_key,
        base=settings.stripe_base,
        timeout=settings.stripe_timeout_seconds,
        pace=Pace(_calls_per_second(settings)),
        crash_points=crash_points,
    )


def _calls_per_second(settings: Settings) -> int | None:
    if settings.stripe_calls_per_second:
        return settings.stripe_calls_per_second
    if settings.uses_simulator:
        return None
    return LIVE if "_live_" in settings.stripe_key[:8] else TEST
