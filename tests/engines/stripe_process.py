"""The Stripe simulator as a process of its own, which lives on when the site dies."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.engines.site import PATIENCE, start

SECRET = "whsec_of_this_test"


@contextmanager
def running_stripe(
    directory: Path, *, port: int, webhook_url: str, secret: str = SECRET
) -> Iterator[subprocess.Popen[bytes]]:
    """At `http://localhost:<port>`; its state stays in `directory`."""
    process = start(
        [
            *(sys.executable, "-m", "stripe_simulator", "--port", str(port)),
            *("--webhook-url", webhook_url, "--webhook-secret", secret),
            *("--state", directory / "stripe.db"),
        ],
        directory,
        {},
    )
    try:
        wait_until_it_answers(port, process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The simulator did not come up.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/_control/clock", timeout=2).status_code == 200
    except httpx2.TransportError:
        return False
