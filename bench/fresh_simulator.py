"""`fresh simulator`: what one of its own costs a test, and how many stand side by side."""

import statistics
import time
from contextlib import ExitStack

import httpx2

from bench.rows import Row
from stripe_simulator.server import running_simulator

AIM_MILLISECONDS = 20.0
ROUNDS, AT_ONCE = 30, 20
NOON = 1_796_040_000


def measure() -> list[Row]:
    """The processor's time is the machine's mood left aside; both run from start to stop."""
    with httpx2.Client(trust_env=False, verify=False) as client:
        waited, used = zip(*(_one(client) for _ in range(ROUNDS)), strict=True)
        each = _side_by_side(client) / AT_ONCE
    name = "fresh simulator"
    return [
        Row.against(name, statistics.median(waited), "ms", limit=AIM_MILLISECONDS),
        Row.against(f"{name}, each of {AT_ONCE} side by side", each, "ms", limit=AIM_MILLISECONDS),
        Row.reference(f"processor of a {name}", statistics.median(used), "ms"),
    ]


def _one(client: httpx2.Client) -> tuple[float, float]:
    """Milliseconds of the clock, without the call that proves it, and of the processor."""
    started, processor = time.perf_counter(), time.process_time()
    with running_simulator(now=NOON) as simulator:
        up = time.perf_counter() - started
        _answers(client, simulator.url)
        stopping = time.perf_counter()
    down = time.perf_counter() - stopping
    return (up + down) * 1000, (time.process_time() - processor) * 1000


def _side_by_side(client: httpx2.Client) -> float:
    """Milliseconds until all of them serve, each with a state of its own."""
    started = time.perf_counter()
    with ExitStack() as stack:
        urls = [stack.enter_context(running_simulator(now=NOON)).url for _ in range(AT_ONCE)]
        up = time.perf_counter() - started
        epochs = {_answers(client, url) for url in urls}
        if len(epochs) != AT_ONCE:
            raise RuntimeError("Two simulators issue the same ids.")
    return up * 1000


def _answers(client: httpx2.Client, url: str) -> str:
    return str(client.get(f"{url}/_control/clock").raise_for_status().json()["epoch"])
