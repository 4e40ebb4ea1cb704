"""Saving a card for later, with its holder's consent: one setup intent."""

from stripe_simulator.billing import methods, setup_attempts
from stripe_simulator.billing.challenges import next_action
from stripe_simulator.billing.payments import card_error
from stripe_simulator.cards import CARDS, Decline
from stripe_simulator.errors import DOCS, StripeError
from stripe_simulator.objects.setup_intent import setup_intent
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.transaction import Transaction, public

FAILED = "setup_intent_authentication_failure"
NOT_AUTHENTICATED = (
    "The latest attempt to set up the payment method has failed because authentication failed."
)


def create(
    tx: Transaction, *, customer: str | None, usage: str = "off_session", metadata: Json
) -> Json:
    id_ = tx.new_id("setup_intent")
    intent = setup_intent(
        id_,
        customer=customer,
        usage=usage,
        metadata=metadata,
        secret=new_secret(f"{id_}_secret_"),
        now=tx.now,
    )
    return tx.add(intent, "setup_intent.created")


def confirm(
    tx: Transaction, intent: Json, method: Json, *, return_url: str | None, authenticated: bool
) -> Decline | None:
    """Saves the card, asks for its holder (`requires_action`), or says why it is refused."""
    refused = methods.refused(method, now=tx.now)
    if refused:
        fail(tx, intent, method, refusal_of(refused))
        return refused
    card = CARDS[method["_number"]]
    if not authenticated and card.wants_holder(on_session=True, set_up=False):
        intent |= {
            "status": "requires_action",
            "payment_method": method["id"],
            "next_action": next_action(tx, intent["id"], return_url),
            "_return_url": return_url,
        }
        setup_attempts.begin(tx, intent, method, status="requires_action")
        tx.save(intent)
        tx.emit("setup_intent.requires_action", intent)
        return None
    succeed(tx, intent, method)
    return None


def succeed(tx: Transaction, intent: Json, method: Json) -> None:
    customer = tx.get(intent["customer"] or "", "customer")
    method["_set_up"] = True
    if customer and not customer.get("deleted"):
        methods.attach(tx, method, customer)
    tx.save(method)
    setup_attempts.settle(tx, intent, method, status="succeeded")
    if intent.get("_makes_default"):
        make_default(tx, method)
    intent |= {
        "status": "succeeded",
        "payment_method": method["id"],
        "next_action": None,
        "last_setup_error": None,
    }
    tx.save(intent)
    tx.emit("setup_intent.succeeded", intent)


def make_default(tx: Transaction, method: Json) -> None:
    """The customer's card from now on, also of his subscriptions."""
    customer = tx.need("customer", method["customer"])
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    tx.save(customer, "customer.updated")
    for subscription in tx.find("subscription", customer=customer["id"]):
        if subscription["ended_at"] is None and subscription["default_payment_method"]:
            subscription["default_payment_method"] = method["id"]
            tx.save(subscription, "customer.subscription.updated")


def refusal_of(refused: Decline) -> Json:
    error: Json = {
        "code": refused.code,
        "doc_url": DOCS + refused.code.replace("_", "-"),
        "message": refused.message,
        "type": "card_error",
    }
    return error | ({"decline_code": refused.decline_code} if refused.decline_code else {})


def not_authenticated(tx: Transaction, intent: Json) -> None:
    error = {
        "code": FAILED,
        "doc_url": DOCS + FAILED.replace("_", "-"),
        "message": NOT_AUTHENTICATED,
        "type": "invalid_request_error",
    }
    fail(tx, intent, tx.get(intent["payment_method"] or "", "payment_method"), error)


def fail(tx: Transaction, intent: Json, method: Json | None, error: Json) -> None:
    told = error | ({"payment_method": public(method)} if method else {})
    setup_attempts.settle(tx, intent, method, status="failed", error=told)
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "next_action": None,
        "last_setup_error": told,
    }
    tx.save(intent)
    tx.emit("setup_intent.setup_failed", intent)


def error_of(refused: Decline, intent: Json) -> StripeError:
    return card_error(refused, setup_intent=public(intent))


def cancel(tx: Transaction, intent: Json, *, reason: str | None) -> None:
    intent |= {"status": "canceled", "cancellation_reason": reason, "next_action": None}
    tx.save(intent)
    tx.emit("setup_intent.canceled", intent)
