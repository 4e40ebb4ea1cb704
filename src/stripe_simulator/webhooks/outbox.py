"""An event and its deliveries, written in the transaction of what happened."""

from stripe_simulator.clock.wall import wall_time
from stripe_simulator.objects.account import event, event_text
from stripe_simulator.shapes import Json
from stripe_simulator.state.event_log import Told
from stripe_simulator.state.transaction import Transaction


def emit(tx: Transaction, kind: str, shown: str, previous: Json | None) -> None:
    """Written at the end of the transaction, with everything else that it tells."""
    cause = {"id": tx.cause.request_id, "idempotency_key": tx.cause.idempotency_key}
    id_ = tx.new_id("event")
    built = event(id_, kind, previous=previous, request=cause, now=tx.now)
    receivers = [one["id"] for one in tx.settled("webhook_endpoint") if listens(one, kind)]
    tx.events.add(Told(id_, kind, tx.now, event_text(built, shown), receivers, wall_time()))


def listens(endpoint: Json, kind: str) -> bool:
    if endpoint["status"] != "enabled":
        return False
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
