"""Load from a process of its own: raw HTTP/1.1 over kept-alive connections, nothing parsed twice.

`python -m bench.load` reads one JSON job from standard input and prints one JSON result.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

CONNECTIONS = 32


@dataclass(frozen=True)
class Job:
    port: int
    seconds: float
    requests: list[str]
    """Whole requests, head and body, sent in turn; each connection begins somewhere else."""
    connections: int = CONNECTIONS
    per_second: float | None = None
    """None: as fast as it goes."""
    status: str = "200"
    """What every answer should be."""


@dataclass(frozen=True)
class Result:
    per_second: float
    failures: int
    p50_ms: float
    p99_ms: float
    statuses: dict[str, int] = field(default_factory=dict)


def run(job: Job) -> Result:
    """In another process, so that the generator does not share the server's interpreter."""
    return start(job).result()


@dataclass(frozen=True)
class Running:
    process: "subprocess.Popen[str]"

    def result(self) -> Result:
        assert self.process.stdout is not None
        said = self.process.stdout.read()
        if self.process.wait() != 0:
            raise RuntimeError("The load generator failed.")
        return Result(**json.loads(said))


def start(job: Job) -> Running:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(job)))
    process.stdin.close()
    return Running(process)


async def generate(job: Job) -> Result:
    requests = [request.encode("latin-1") for request in job.requests]
    latencies: list[float] = []
    statuses: dict[str, int] = {}
    started = time.perf_counter()
    ends = started + job.seconds
    pause = job.connections / job.per_second if job.per_second else 0.0

    async def talk(offset: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", job.port)
        turn = offset
        while (sent := time.perf_counter()) < ends:
            writer.write(requests[turn % len(requests)])
            status = await read_answer(reader)
            took = time.perf_counter() - sent
            latencies.append(took)
            statuses[status] = statuses.get(status, 0) + 1
            turn += job.connections
            if pause > took:
                await asyncio.sleep(pause - took)
        writer.close()

    await asyncio.gather(*(talk(number) for number in range(job.connections)))
    elapsed = time.perf_counter() - started
    good = sum(count for status, count in statuses.items() if status == job.status)
    return Result(
        per_second=good / elapsed,
        failures=len(latencies) - good,
        p50_ms=percentile(latencies, 0.5) * 1000,
        p99_ms=percentile(latencies, 0.99) * 1000,
        statuses=statuses,
    )


async def read_answer(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
    if length:
        await reader.readexactly(length)
    return head[9:12].decode()


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(generate(Job(**json.load(sys.stdin)))))))
