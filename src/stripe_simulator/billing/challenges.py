"""3-D Secure: a payment that waits until the bank has seen the card's holder."""

from stripe_simulator.billing.payments import FAILED_AUTHENTICATION, NOT_AUTHENTICATED
from stripe_simulator.errors import DOCS
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction, public


def page_of(tx: Transaction, id_: str) -> str:
    """Where the holder shows himself: for an intent, or for a Checkout session."""
    return f"{tx.base_url}/c/3ds/{id_}"


def next_action(tx: Transaction, id_: str, return_url: str | None) -> Json:
    url = page_of(tx, id_)
    if return_url is None:
        sdk = {"type": "three_d_secure_redirect", "stripe_js": url}
        return {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": return_url, "url": url},
    }


def ask(tx: Transaction, intent: Json, method: Json, *, return_url: str | None = None) -> None:
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "last_payment_error": None,
        "next_action": next_action(tx, intent["id"], return_url),
        "_return_url": return_url,
    }
    tx.save(intent)
    tx.emit("payment_intent.requires_action", intent)


def failed(tx: Transaction, intent: Json) -> None:
    """Nobody was charged: another card, or another try."""
    method = tx.get(intent["payment_method"] or "", "payment_method")
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_payment_error": {
            "code": FAILED_AUTHENTICATION,
            "doc_url": DOCS + FAILED_AUTHENTICATION.replace("_", "-"),
            "message": NOT_AUTHENTICATED,
            "type": "invalid_request_error",
        },
    }
    if method:
        intent["last_payment_error"]["payment_method"] = public(method)
    tx.save(intent)
    tx.emit("payment_intent.payment_failed", intent)
