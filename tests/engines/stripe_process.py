"""The Stripe simulator as a process of its own, which lives on when the site dies."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.engines.patience import PATIENCE
from tests.engines.site import start

SECRET = "whsec_of_this_test"


@dataclass
class StripeProcess:
    """At `http://localhost:<port>`; its state stays in `directory`."""

    directory: Path
    port: int
    webhook_url: str
    secret: str = SECRET
    _process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Returns when it answers."""
        self._process = start(
            [
                *(sys.executable, "-m", "stripe_simulator", "--port", str(self.port)),
                *("--webhook-url", self.webhook_url, "--webhook-secret", self.secret),
                *("--state", self.directory / "stripe.db"),
            ],
            self.directory,
            {},
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The simulator did not come up.")
            time.sleep(0.05)

    def _answers(self) -> bool:
        url = f"http://127.0.0.1:{self.port}/_control/clock"
        try:
            return httpx2.get(url, timeout=PATIENCE).status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def running_stripe(directory: Path, *, port: int, webhook_url: str) -> Iterator[StripeProcess]:
    process = StripeProcess(directory, port, webhook_url)
    process.start()
    try:
        yield process
    finally:
        process.kill()
