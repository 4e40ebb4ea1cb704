"""The gate: checks everything that an app and a Stripe-shaped server say to each other.

    with open_gate(contract_spec()) as gate:
        # simulator: its webhook address is gate.webhook_url
        # app: its STRIPE_API_BASE is gate.api_url
        gate.simulator_url, gate.app_webhook_url = simulator.url, app.url + "/webhooks/stripe"
        ...
    assert gate.errors() == []

Addresses are known before either side runs, and may be pointed elsewhere at any time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contracts.loopback import LoopbackServer
from tests.contracts.proxy import Proxying, proxy_handler
from tests.contracts.relay import Relaying, relay_handler
from tests.contracts.report import Report
from tests.contracts.spec import Spec

NOWHERE = "http://127.0.0.1:1"


class Gate:
    def __init__(self, proxying: Proxying, relaying: Relaying, *, ports: tuple[int, int]) -> None:
        self.report = proxying.report
        self.version = proxying.spec.version
        self._proxying = proxying
        self._relaying = relaying
        self._api = LoopbackServer(proxy_handler(proxying), ports[0])
        self._webhooks = LoopbackServer(relay_handler(relaying), ports[1])

    @property
    def api_url(self) -> str:
        """Where the app finds Stripe."""
        return self._api.url

    @property
    def webhook_url(self) -> str:
        """Where the simulator sends its events."""
        return f"{self._webhooks.url}/webhooks/stripe"

    @property
    def simulator_url(self) -> str:
        return self._proxying.upstream

    @simulator_url.setter
    def simulator_url(self, url: str) -> None:
        self._proxying.upstream = url

    @property
    def app_webhook_url(self) -> str | None:
        """None: events are checked and answered 200 by the gate itself."""
        return self._relaying.target

    @app_webhook_url.setter
    def app_webhook_url(self, url: str | None) -> None:
        self._relaying.target = url

    def errors(self) -> list[str]:
        """One readable line a breach, of calls and of events; empty when all is well."""
        return self.report.errors()

    def start(self) -> None:
        self._api.start()
        self._webhooks.start()

    def close(self) -> None:
        self._api.close()
        self._webhooks.close()


@contextmanager
def open_gate(
    spec: Spec,
    *,
    simulator_url: str = NOWHERE,
    app_webhook_url: str | None = None,
    enforce: bool = True,
    report: Path | None = None,
    ports: tuple[int, int] = (0, 0),
) -> Iterator[Gate]:
    """`ports`: of the proxy and of the relay, 0 for any free one. `report`: a JSONL file."""
    rows = Report(report)
    gate = Gate(
        Proxying(spec, rows, simulator_url, enforce),
        Relaying(spec, rows, app_webhook_url),
        ports=ports,
    )
    gate.start()
    try:
        yield gate
    finally:
        gate.close()
