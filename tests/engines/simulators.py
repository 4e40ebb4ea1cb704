"""Stripe's side of a test: a fresh simulator over HTTP, and what the control room can do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from stripe_simulator.application import create_simulator
from stripe_simulator.server import Background, configured, listen
from tests.engines.patience import PATIENCE

OLD_VERSION = "2025-02-24.acacia"
KEY = {"Authorization": "Bearer sk_test_simulator"}
Json = dict[str, Any]


@dataclass
class Simulators:
    """One server for a whole run. A simulator of its own costs a test five milliseconds.

    Its clock is frozen and its deliveries are not sent: the test moves the one and carries the
    others, in the order that it likes.
    """

    url: str
    _app: ASGIApp | None = field(default=None, repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    @contextmanager
    def fresh(self, *, now: int) -> Iterator["StripeSide"]:
        app = create_simulator(
            state=None, base_url=self.url, webhook_url=None, webhook_secret=None, now=now
        )
        self._app = app
        try:
            with StripeSide(self.url) as stripe:
                yield stripe
        finally:
            self._app = None
            app.state.simulator.store.close()


@contextmanager
def running_simulators() -> Iterator[Simulators]:
    with listen("127.0.0.1", 0) as listener:
        simulators = Simulators(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = configured(simulators)  # type: ignore[arg-type]
        config.lifespan = "off"
        server = Background(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert server.serving.wait(PATIENCE)
        try:
            yield simulators
        finally:
            server.stop()
            thread.join()


@dataclass(frozen=True)
class Told:
    """An event as Stripe would deliver it."""

    id: str
    type: str
    created: int
    payload: bytes

    @classmethod
    def of(cls, listed: Json) -> "Told":
        payload = listed["payload"].encode()
        return cls(id=listed["id"], type=listed["type"], created=listed["created"], payload=payload)


class StripeSide:
    """Asks and steers the simulator; knows nothing of Admit."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Reading the certificates of the world would cost more than a simulator.
        self._http = httpx2.Client(
            base_url=url, headers=KEY, timeout=PATIENCE, trust_env=False, verify=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: str) -> Json:
        return self._answer(self._http.get(path, params=params))

    def post(self, path: str, body: Json | None = None, **form: str) -> Json:
        """`body` to the control room, `form` to the API."""
        if path.startswith("/_control"):
            return self._answer(self._http.post(path, json=body or {}))
        return self._answer(self._http.post(path, data=form))

    def delete(self, path: str) -> Json:
        return self._answer(self._http.delete(path))

    def all(self, path: str, **params: str) -> list[Json]:
        """Newest first, and asserted to be everything."""
        listing = self.get(path, limit="100", **params)
        assert listing["has_more"] is False
        rows: list[Json] = listing["data"]
        return rows

    def now(self) -> int:
        return int(self.get("/_control/clock")["now"])

    def advance(self, seconds: int) -> int:
        """The simulated second that it is then."""
        return int(self.post("/_control/clock/advance", {"seconds": seconds})["now"])

    def pays(self, session_id: str, *, card: str = "4242424242424242") -> None:
        self.post(f"/_control/checkout/{session_id}/pay", {"card": card})

    def next_charges(self, customer_id: str, outcome: str, *, times: int = 1) -> None:
        asked = {"customer": customer_id, "outcome": outcome, "times": times}
        self.post("/_control/cards/next", asked)

    def events(self, *, version: str | None = None, after: str | None = None) -> list[Told]:
        """Everything that ever happened there (since the event `after`), oldest first."""
        asked = {"api_version": version} if version else {}
        asked |= {"after": after} if after else {}
        return [Told.of(event) for event in self.get("/_control/events", **asked)["events"]]

    def breaks(self, mode: str, **how: Any) -> None:
        self.post("/_control/faults", {"mode": mode, **how})

    def heals(self) -> None:
        self.delete("/_control/faults")

    @staticmethod
    def _answer(response: httpx2.Response) -> Json:
        assert response.status_code == 200, response.text
        answer: Json = response.json()
        return answer
