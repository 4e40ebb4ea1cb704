"""`page beside webhook writes`: the slowest pages while webhooks arrive, against an idle p99."""

import tempfile
from pathlib import Path

from bench import load
from bench.rows import Row
from bench.webhook_intake import server, signed_events

SECONDS = 5.0
WRITES_A_SECOND = 200.0
READERS = 2
PAGE = "GET /pricing HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n"


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, server("bench.app:app", Path(folder)) as port:
        pages = load.Job(port=port, seconds=SECONDS, requests=[PAGE], connections=READERS)
        load.run(pages)
        idle = load.run(pages)
        beside = _beside(pages, WRITES_A_SECOND)
        flooded = _beside(pages, None)
    return [
        Row.against("page beside webhook writes", beside.p99_ms, "ms p99", limit=idle.p99_ms),
        Row.reference("page beside as many writes as fit", flooded.p99_ms, "ms p99"),
    ]


def _beside(pages: load.Job, writes_a_second: float | None) -> load.Result:
    writes = load.Job(
        port=pages.port,
        seconds=SECONDS,
        requests=signed_events(8000),
        connections=8,
        per_second=writes_a_second,
    )
    writing = load.start(writes)
    measured = load.run(pages)
    written = writing.result()
    if written.failures or measured.failures:
        raise RuntimeError(f"Not every request was answered: {written}, {measured}")
    return measured
