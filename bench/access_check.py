"""`access check over HTTP`: may this session use this feature, against a bare Starlette "ok"."""

import asyncio
import socket
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import load
from bench.people import move_in
from bench.rows import Row
from bench.webhook_intake import server

ROUNDS = 3
SECONDS = 3.0
PEOPLE = 20
"""Who ask in turn, each read anew every two seconds: a snapshot is believed no longer."""


def measure() -> list[Row]:
    """Both servers run; they are asked in turn, so that the machine's moods meet both."""
    with _server("bench.app:app") as (folder, ours), _server("bench.bare_ok:app") as (_, bare):
        people = asyncio.run(move_in(folder, PEOPLE))
        questions = [_question(person.cookie) for person in people]
        simple = [request("/ok")]
        held = [holding(ours, question) for question in questions]
        answered, unchanged, limit = [], [], []
        for _ in range(ROUNDS):
            answered.append(requests_a_second(ours, questions))
            unchanged.append(requests_a_second(ours, held, status="304"))
            limit.append(requests_a_second(bare, simple))
        signed_out = requests_a_second(ours, [request("/healthz")])
    return [
        Row.against(
            "access check over HTTP",
            statistics.median(answered),
            "requests/s",
            limit=statistics.median(limit),
        ),
        Row.against(
            "conditional GET 304",
            statistics.median(unchanged),
            "requests/s",
            limit=statistics.median(limit),
        ),
        Row.reference("a route of the application that touches nothing", signed_out, "requests/s"),
    ]


@contextmanager
def _server(application: str) -> Iterator[tuple[Path, int]]:
    with tempfile.TemporaryDirectory() as folder, server(application, Path(folder)) as port:
        yield Path(folder), port


def requests_a_second(port: int, requests: list[str], *, status: str = "200") -> float:
    job = load.Job(port=port, seconds=SECONDS, requests=requests, status=status)
    result = load.run(job)
    if result.failures:
        raise RuntimeError(f"Not every request was answered: {result.statuses}")
    return result.per_second


def _question(token: str) -> str:
    return request("/api/v1/access/premium", f"Cookie: session={token}\r\n")


def holding(port: int, question: str) -> str:
    """The same question of a client that holds the answer."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(question.encode())
        head = connection.recv(65536).decode()
    tag = next(line for line in head.split("\r\n") if line.startswith("etag: "))
    return question.replace("\r\n\r\n", f"\r\nIf-None-Match: {tag[6:]}\r\n\r\n")


def request(path: str, headers: str = "") -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{headers}\r\n"
