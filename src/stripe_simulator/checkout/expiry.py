"""Sessions end after 24 hours, or when they are told to."""

from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def expires(tx: Transaction, id_: str) -> None:
    session = tx.need("checkout.session", id_)
    if session["status"] == "open":
        expire(tx, session)


def expire(tx: Transaction, session: Json) -> None:
    tx.unschedule("checkout.expire", session["id"])
    session["status"] = "expired"
    session["url"] = None
    tx.save(session)
    tx.emit("checkout.session.expired", session)
