"""`API call with an access token`: somebody's question against an answer for anybody."""

import asyncio
import statistics
import tempfile
from pathlib import Path

from bench.access_check import ROUNDS, request, requests_a_second
from bench.people import move_in
from bench.rows import Row
from bench.webhook_intake import server

PEOPLE = 20


def measure() -> list[Row]:
    """The limit is the lightest answer that this server has for nobody in particular."""
    with tempfile.TemporaryDirectory() as folder, server("bench.app:app", Path(folder)) as port:
        origin = f"http://127.0.0.1:{port}"
        people = asyncio.run(move_in(Path(folder), PEOPLE, origin=origin))
        known = [_question(person.access_token) for person in people]
        anonymous = [request("/healthz")]
        answered, limit = [], []
        for _ in range(ROUNDS):
            answered.append(requests_a_second(port, known))
            limit.append(requests_a_second(port, anonymous))
    return [
        Row.against(
            "API call with an access token",
            statistics.median(answered),
            "requests/s",
            limit=statistics.median(limit),
        )
    ]


def _question(token: str) -> str:
    return request("/api/v1/access/premium", f"Authorization: Bearer {token}\r\n")
