"""`sign-ins`: passwords a second against what hashing alone allows, and who waits meanwhile."""

import asyncio
import json
import tempfile
import time
from pathlib import Path

from admit.accounts.password.service import Passwords
from bench import load
from bench.people import move_in
from bench.rows import Row
from bench.webhook_intake import server

MEMORY_KIB = 65536
PEOPLE = 50
PASSWORD = "heron under the quiet bridge"  # noqa: S105 - of nobody
HASHES = 24
AT_ONCE = 50
SECONDS = 6.0
LOOKS_A_SECOND = 20.0
BOUND_MS = 250.0
"""What an unrelated request stays under (SECURITY S09)."""
PAGE = "GET /pricing HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n"


def measure() -> list[Row]:
    passwords = Passwords(memory_kib=MEMORY_KIB)
    password_hash, limit = asyncio.run(_hashes_a_second(passwords))
    with tempfile.TemporaryDirectory() as folder, server("bench.app:app", Path(folder)) as port:
        people = asyncio.run(move_in(Path(folder), PEOPLE, password_hash=password_hash))
        requests = [_sign_in(person.email) for person in people]
        job = load.Job(port=port, seconds=SECONDS, requests=requests, connections=AT_ONCE)
        signing_in = load.start(job)
        looks = load.Job(
            port=port, seconds=SECONDS, requests=[PAGE], connections=1, per_second=LOOKS_A_SECOND
        )
        looked, signed_in = load.run(looks), signing_in.result()
    if signed_in.failures or looked.failures:
        raise RuntimeError(f"Not everybody was answered: {signed_in}, {looked}")
    return [
        Row.against("sign-ins with a password", signed_in.per_second, "sign-ins/s", limit=limit),
        Row.against(f"a page while {AT_ONCE} sign in", looked.p99_ms, "ms p99", limit=BOUND_MS),
    ]


async def _hashes_a_second(passwords: Passwords) -> tuple[str, float]:
    """A hash, and how many more of its kind the product lets this machine check in a second."""
    known = await passwords.hash(PASSWORD)
    started = time.perf_counter()
    await asyncio.gather(*(passwords.verify(PASSWORD, known) for _ in range(HASHES)))
    return known, HASHES / (time.perf_counter() - started)


def _sign_in(email: str) -> str:
    body = json.dumps({"email": email, "password": PASSWORD, "refresh_token_in": "body"})
    return (
        "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
