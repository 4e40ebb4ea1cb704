"""Each confirmation of a setup intent, and what came of it (docs.stripe.com/api/setup_attempts)."""

from stripe_simulator.objects.setup_attempt import setup_attempt
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def begin(tx: Transaction, intent: Json, method: Json, *, status: str) -> None:
    """The caller saves the intent."""
    made = setup_attempt(
        tx.new_id("setup_attempt"), intent=intent, method=method, status=status, now=tx.now
    )
    intent["latest_attempt"] = tx.add(made)["id"]


def settle(
    tx: Transaction, intent: Json, method: Json | None, *, status: str, error: Json | None = None
) -> None:
    """The attempt that waits for the card's holder ends; without one, another has been made."""
    latest = tx.get(intent["latest_attempt"] or "", "setup_attempt")
    if method and (latest is None or latest["status"] != "requires_action"):
        begin(tx, intent, method, status=status)
        latest = tx.need("setup_attempt", intent["latest_attempt"])
    if latest:
        latest |= {"status": status, "setup_error": error}
        tx.save(latest)
