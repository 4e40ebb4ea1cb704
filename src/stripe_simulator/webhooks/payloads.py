"""An event as bytes, in the version of who receives it."""

import json

from stripe_simulator.shapes import API_VERSION, Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.webhooks.outbox import pending_webhooks
from stripe_simulator.webhooks.versions import render_event


def payload(tx: Transaction, event: Json, *, version: str | None) -> bytes:
    """Today's shape is kept as text already; only the deliveries that wait are counted anew."""
    kept = tx.text_of(event["id"]) if version in (None, API_VERSION) else None
    if kept is None:
        return json.dumps(shown(tx, event, version=version)).encode()
    waiting = pending_webhooks(tx, event["id"])
    return kept.replace(COUNTED_LATER, f'"pending_webhooks":{waiting}', 1).encode()


COUNTED_LATER = '"pending_webhooks":0'
"""Stands in front of the event's data, so that nothing in there is taken for it."""


def shown(tx: Transaction, event: Json, *, version: str | None) -> Json:
    current = event | {"pending_webhooks": pending_webhooks(tx, event["id"])}
    return render_event(current, version or API_VERSION, find=lambda name: find(tx, name))


def find(tx: Transaction, name: str) -> Json | None:
    """An object by id, or the invoice payment of an invoice or of a payment intent."""
    kind, _, id_ = name.rpartition(":")
    if kind == "payment-of":
        return first(tx.find("invoice_payment", invoice=id_))
    if kind == "invoice-of":
        return first(tx.find("invoice_payment", payment_intent=id_))
    return tx.get(id_)


def first(found: list[Json]) -> Json | None:
    return found[0] if found else None
