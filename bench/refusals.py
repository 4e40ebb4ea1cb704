"""`a refusal`: whether a clock can tell a known address from an unknown one (SECURITY S11)."""

import asyncio
import math
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

import httpx2

from admit.accounts.password.service import Passwords
from bench.people import move_in
from bench.rows import Row
from bench.servers import PATIENCE
from bench.sign_in import MEMORY_KIB, PASSWORD
from bench.webhook_intake import server

TRIES = 200
BEFORE_IT_IS_HELD_BACK = 5


def measure() -> list[Row]:
    """Both are asked in turn, so that the machine's moods meet both."""
    password_hash = asyncio.run(Passwords(memory_kib=MEMORY_KIB).hash(PASSWORD))
    with tempfile.TemporaryDirectory() as folder, server("bench.app:app", Path(folder)) as port:
        (ada,) = asyncio.run(move_in(Path(folder), 1, password_hash=password_hash))
        origin = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=origin, timeout=PATIENCE, trust_env=False) as http:
            known, unknown = _refusals(http, Path(folder), ada.email)
    return [
        Row.against(
            "refusal of a known address", median(known), "ms median", limit=median(unknown)
        ),
        Row.reference(
            "chance that refusals differ so by accident (Mann-Whitney)",
            mann_whitney(known, unknown),
            "p",
        ),
    ]


def _refusals(http: httpx2.Client, folder: Path, email: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each, of a known and of an unknown address."""
    known, unknown = list[float](), list[float]()
    for number in range(TRIES):
        if number % BEFORE_IT_IS_HELD_BACK == 0:
            _forget_tries(folder)
        known.append(_refusal(http, email))
        unknown.append(_refusal(http, f"nobody-{number}@example.com"))
    return known, unknown


def _forget_tries(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "admit.db", isolation_level=None)) as database:
        database.execute("DELETE FROM limit_windows")
        database.execute("UPDATE users SET password_failures = 0")


def _refusal(http: httpx2.Client, email: str) -> float:
    asked = {"email": email, "password": "not the right bridge"}
    started = time.perf_counter()
    answer = http.post("/api/v1/auth/sign-in", json=asked)
    took = time.perf_counter() - started
    if answer.status_code != 401:
        raise RuntimeError(f"Refused otherwise than expected: {answer.status_code} {answer.text}")
    return took * 1000


def mann_whitney(one: list[float], other: list[float]) -> float:
    """The two-sided p of the normal approximation, which is close enough from twenty on."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))
