"""`Idempotency-Key`: the first answer again, for the same call only, for a day."""

import hashlib
import sqlite3
from dataclasses import dataclass

from stripe_simulator.clock.wall import wall_time
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.shapes import DAY

KEPT = DAY
LONGEST = 255


@dataclass(frozen=True)
class Call:
    key: str
    method: str
    path: str
    fingerprint: str


@dataclass(frozen=True)
class Remembered:
    status: int
    body: bytes
    request_id: str


def call(key: str, *, method: str, path: str, body: bytes) -> Call:
    if len(key) > LONGEST:
        raise invalid(f"Idempotency keys have at most {LONGEST} characters.")
    return Call(key, method, path, hashlib.sha256(body).hexdigest())


def remembered(db: sqlite3.Connection, asked: Call) -> Remembered | None:
    """Errors: 400 when the key was used for another call."""
    row = db.execute(
        "SELECT method, path, fingerprint, status, body, request_id FROM idempotency"
        " WHERE key = ? AND wall > ?",
        (asked.key, wall_time() - KEPT),
    ).fetchone()
    if row is None:
        return None
    if (row[0], row[1]) != (asked.method, asked.path):
        raise mismatch(
            "Keys for idempotent requests can only be used for the same endpoint they were first"
            f" used for ('{asked.path}' vs '{row[1]}'). Try using a key other than '{asked.key}'"
            " if you meant to execute a different request."
        )
    if row[2] != asked.fingerprint:
        raise mismatch(
            "Keys for idempotent requests can only be used with the same parameters they were"
            f" first used with. Try using a key other than '{asked.key}' if you meant to execute a"
            " different request."
        )
    return Remembered(status=row[3], body=row[4], request_id=row[5])


def mismatch(message: str) -> StripeError:
    return StripeError(400, message, type="idempotency_error")


def in_use(key: str) -> StripeError:
    return StripeError(
        409,
        "There is currently another in-progress request using this Idempotent Key (that probably"
        f" means you submitted twice, and the other request is still going through): {key}.",
        type="idempotency_error",
        code="idempotency_key_in_use",
    )


def remember(db: sqlite3.Connection, asked: Call, answer: Remembered) -> None:
    db.execute(
        "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            asked.key,
            asked.method,
            asked.path,
            asked.fingerprint,
            answer.status,
            answer.body,
            answer.request_id,
            wall_time(),
        ),
    )


def forget_old(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM idempotency WHERE wall <= ?", (wall_time() - KEPT,))
