"""Money that was approved and not yet taken: taking it, or letting it go."""

from stripe_simulator.billing import balance, refunds
from stripe_simulator.errors import invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")


def unexpected(intent: Json, verb: str) -> Exception:
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
    )


def capture(tx: Transaction, intent: Json, *, amount: int | None) -> Json:
    """All of it or less; the rest is released."""
    if intent["status"] != "requires_capture":
        raise unexpected(intent, "capture")
    taken = intent["amount_capturable"] if amount is None else amount
    if not 0 < taken <= intent["amount_capturable"]:
        raise invalid(
            "The provided amount_to_capture is greater than the amount that can be captured.",
            param="amount_to_capture",
            code="amount_too_large",
        )
    charge = tx.need("charge", intent["latest_charge"])
    charge |= {
        "captured": True,
        "amount_captured": taken,
        "amount_refunded": charge["amount"] - taken,
    }
    charge["balance_transaction"] = balance.charged(tx, charge)
    tx.save(charge, "charge.captured")
    intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": taken}
    tx.save(intent)
    tx.emit("payment_intent.succeeded", intent)
    return intent


def cancel(tx: Transaction, intent: Json, *, reason: str | None) -> Json:
    """What was held is given back; what was paid cannot be canceled."""
    if intent["status"] not in OPEN:
        raise unexpected(intent, "cancel")
    if intent["status"] == "requires_capture":
        charge = tx.need("charge", intent["latest_charge"])
        refunds.release(tx, charge)
    intent |= {
        "status": "canceled",
        "amount_capturable": 0,
        "canceled_at": tx.now,
        "cancellation_reason": reason,
        "next_action": None,
    }
    tx.save(intent)
    tx.emit("payment_intent.canceled", intent)
    return intent
