"""`webhook intake`: the hot road of the whole application against a bare route doing its work."""

import hashlib
import hmac
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from admit.core import migrations
from admit.core.ids import new_id
from bench import load
from bench.rows import Row
from bench.servers import free_port, python, serving

SECRET = "whsec_bench"  # noqa: S105
EVENTS = 12_000
ROUNDS = 3
SECONDS = 3.0


def measure() -> list[Row]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_events_a_second("bench.app:app"))
        bare.append(_events_a_second("bench.bare_intake:app"))
    limit = statistics.median(bare)
    return [Row.against("webhook intake", statistics.median(ours), "events/s", limit=limit)]


def _events_a_second(application: str) -> float:
    with tempfile.TemporaryDirectory() as folder, server(application, Path(folder)) as port:
        result = load.run(load.Job(port=port, seconds=SECONDS, requests=signed_events(EVENTS)))
    if result.failures:
        raise RuntimeError(f"{application} refused events: {result.statuses}")
    return result.per_second


@contextmanager
def server(application: str, folder: Path) -> Iterator[int]:
    """A fresh database on disk, every commit synchronised; the worker does not run."""
    port = free_port()
    migrations.upgrade(f"sqlite:///{folder / 'admit.db'}")
    environment = {
        "PORT": str(port),
        "ADMIT_DATA_DIR": str(folder),
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "WORKER_IN_PROCESS": "false",
        "LOG_LEVEL": "error",
        "BENCH_SECRET": SECRET,
        "BENCH_DATABASE": f"sqlite+aiosqlite:///{folder / 'admit.db'}",
    }
    command = python(
        "-m", "uvicorn", application, "--port", str(port), "--no-access-log", "--log-level", "error"
    )
    with serving(command, environment, port=port):
        yield port


def signed_events(count: int) -> list[str]:
    """Events as Stripe sends them, about 5 kB each; the same event arrives again after `count`."""
    now = int(time.time())
    return [_request(_event(now), now) for _ in range(count)]


def _event(now: int) -> bytes:
    subscription = {
        "id": new_id("sub"),
        "object": "subscription",
        "status": "active",
        "customer": new_id("cus"),
        "metadata": {f"key_{number}": "x" * 80 for number in range(45)},
    }
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": now,
        "livemode": False,
        "type": "customer.subscription.updated",
        "data": {"object": subscription},
    }
    return json.dumps(event).encode()


def _request(body: bytes, now: int) -> str:
    signed = hmac.new(SECRET.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Stripe-Signature: t={now},v1={signed}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head + body.decode()
