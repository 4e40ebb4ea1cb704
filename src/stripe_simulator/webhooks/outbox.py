"""An event and its deliveries, written in the transaction of what happened."""

from stripe_simulator.clock.wall import wall_time
from stripe_simulator.objects.account import event
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def emit(tx: Transaction, kind: str, obj: Json, previous: Json | None) -> None:
    cause = {"id": tx.cause.request_id, "idempotency_key": tx.cause.idempotency_key}
    built = tx.add(
        event(tx.new_id("event"), kind, obj, previous=previous, request=cause, now=tx.now)
    )
    for endpoint in endpoints(tx):
        if listens(endpoint, kind):
            deliver(tx, event_id=built["id"], endpoint_id=endpoint["id"])


def endpoints(tx: Transaction) -> list[Json]:
    """Asked once a transaction: a renewal sends ten events."""
    if tx.endpoints is None:
        tx.endpoints = tx.find("webhook_endpoint", status="enabled")
    return tx.endpoints


def listens(endpoint: Json, kind: str) -> bool:
    return "*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"]


def deliver(tx: Transaction, *, event_id: str, endpoint_id: str) -> None:
    tx.db.execute(
        "INSERT INTO deliveries (event, endpoint, next_at) VALUES (?, ?, ?)",
        (event_id, endpoint_id, wall_time()),
    )


def pending_webhooks(tx: Transaction, event_id: str) -> int:
    row = tx.db.execute(
        "SELECT COUNT(*) FROM deliveries WHERE event = ? AND status = 'pending'", (event_id,)
    ).fetchone()
    return int(row[0])
