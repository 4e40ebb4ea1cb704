"""`access check over HTTP`: may this session use this feature, against a bare Starlette "ok"."""

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from admit.access.service import FeatureDefinition, define_features, grant
from admit.accounts.models import User
from admit.accounts.sessions.models import Session
from admit.core.crypto import hash_token, new_token
from admit.core.db import Database
from admit.core.ids import new_id
from bench import load
from bench.rows import Row
from bench.webhook_intake import server

ROUNDS = 3
SECONDS = 3.0
PEOPLE = 20
"""Who ask in turn, each read anew every two seconds: a snapshot is believed no longer."""


def measure() -> list[Row]:
    """Both servers run; they are asked in turn, so that the machine's moods meet both."""
    with _server("bench.app:app") as (folder, ours), _server("bench.bare_ok:app") as (_, bare):
        questions = [_question(token) for token in asyncio.run(_move_in(folder))]
        simple = [_request("/ok")]
        answered, limit = [], []
        for _ in range(ROUNDS):
            answered.append(_requests_a_second(ours, questions))
            limit.append(_requests_a_second(bare, simple))
        signed_out = _requests_a_second(ours, [_request("/healthz")])
    return [
        Row.against(
            "access check over HTTP",
            statistics.median(answered),
            "requests/s",
            limit=statistics.median(limit),
        ),
        Row.reference("a route of the application that touches nothing", signed_out, "requests/s"),
    ]


@contextmanager
def _server(application: str) -> Iterator[tuple[Path, int]]:
    with tempfile.TemporaryDirectory() as folder, server(application, Path(folder)) as port:
        yield Path(folder), port


def _requests_a_second(port: int, requests: list[str]) -> float:
    result = load.run(load.Job(port=port, seconds=SECONDS, requests=requests))
    if result.failures:
        raise RuntimeError(f"Not every request was answered: {result.statuses}")
    return result.per_second


def _question(token: str) -> str:
    return _request("/api/v1/access/premium", f"Cookie: session={token}\r\n")


def _request(path: str, headers: str = "") -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n{headers}\r\n"


async def _move_in(folder: Path) -> list[str]:
    """The tokens of people who are signed in and may use the feature."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'admit.db'}")
    async with database.write() as db:
        await define_features(
            db, [FeatureDefinition(key="premium", name="Premium", description="Sold.")]
        )
        now = datetime.now(UTC)
        people = [_person(number, now) for number in range(PEOPLE)]
        db.add_all(people)
        await db.flush()
        tokens = [new_token() for _ in people]
        db.add_all(_session(user, token, now) for user, token in zip(people, tokens, strict=True))
        for user in people:
            await grant(
                db, user_id=user.id, feature="premium", until=None, reason="Bench.", now=now
            )
    await database.close()
    return tokens


def _person(number: int, now: datetime) -> User:
    email = f"person-{number}@example.test"
    return User(
        id=new_id("usr"),
        email=email,
        email_key=email,
        first_name="Some",
        last_name="Body",
        verified_at=now,
        created_at=now,
    )


def _session(user: User, token: str, now: datetime) -> Session:
    return Session(
        id=new_id("ses"),
        token_hash=hash_token(token),
        user_id=user.id,
        method="password",
        created_at=now,
        last_seen_at=now,
        idle_ends_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=1),
        ip="127.0.0.1",
        user_agent="bench",
    )
