"""The bare limit of webhook intake: verify the HMAC, insert the same rows with group commit.

Plain ASGI and plain SQLAlchemy Core, synchronous FULL; no framework, no limits, no refusals.
"""

import asyncio
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.types import Receive, Scope, Send

from admit.core.events.models import EventRow, ReactionRow

SECRET = os.environ.get("BENCH_SECRET", "").encode()
engine = create_async_engine(os.environ.get("BENCH_DATABASE", "sqlite+aiosqlite://"), pool_size=1)
events = insert(EventRow).on_conflict_do_nothing()
reactions = insert(ReactionRow).on_conflict_do_nothing()
waiting: list[tuple[dict[str, Any], dict[str, Any], asyncio.Future[None]]] = []
storing: list[asyncio.Task[None]] = []


@event.listens_for(engine.sync_engine, "connect")
def prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(engine.sync_engine, "begin")
def begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


async def store() -> None:
    while waiting:
        group = waiting[:]
        waiting.clear()
        async with engine.begin() as connection:
            await connection.execute(events, [event_row for event_row, _, _ in group])
            await connection.execute(reactions, [reaction for _, reaction, _ in group])
        for _, _, stored in group:
            stored.set_result(None)
    storing.clear()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    if scope["method"] == "POST":
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        header = dict(scope["headers"])[b"stripe-signature"].decode()
        timestamp, signature = (part.partition("=")[2] for part in header.split(","))
        expected = hmac.new(SECRET, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise ValueError("wrong signature")
        await keep(body)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"ok"})


HEADERS = [(b"content-length", b"2"), (b"content-type", b"text/plain")]


async def keep(body: bytes) -> None:
    told = json.loads(body)
    now = datetime.now(UTC)
    event_row = {
        "id": f"stripe:{told['id']}",
        "source": "stripe",
        "name": told["type"],
        "subject": told["data"]["object"]["id"],
        "occurred": told["created"],
        "received_at": now,
        "disposition": "routed",
        "payload": body.decode(),
    }
    reaction = {
        "event_id": event_row["id"],
        "name": "billing.reconcile",
        "progress": "waiting",
        "attempts": 0,
        "due_at": now,
    }
    stored = asyncio.get_running_loop().create_future()
    waiting.append((event_row, reaction, stored))
    if not storing:
        storing.append(asyncio.create_task(store()))
    await stored
