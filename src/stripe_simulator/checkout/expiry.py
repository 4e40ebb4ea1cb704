"""Sessions end after 24 hours, or when they are told to."""

from stripe_simulator.shapes import DAY, Json
from stripe_simulator.state.transaction import Transaction

RECOVERABLE = 30 * DAY
"""docs.stripe.com/payments/checkout/abandoned-carts."""


def expires(tx: Transaction, id_: str) -> None:
    session = tx.need("checkout.session", id_)
    if session["status"] == "open":
        expire(tx, session)


def expire(tx: Transaction, session: Json) -> None:
    tx.unschedule("checkout.expire", session["id"])
    session["status"] = "expired"
    session["url"] = None
    recovery = (session["after_expiration"] or {}).get("recovery")
    if recovery and recovery["enabled"]:
        recovery["url"] = f"{tx.base_url}/c/recover/{session['id']}"
        recovery["expires_at"] = tx.now + RECOVERABLE
    tx.save(session)
    tx.emit("checkout.session.expired", session)
