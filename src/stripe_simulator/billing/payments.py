"""Charging a card: one payment intent, one charge for every attempt."""

from dataclasses import dataclass
from typing import Any

from stripe_simulator.billing import balance, disputes
from stripe_simulator.billing.documents import receipt_url
from stripe_simulator.cards import CARDS, DECLINES, Decline
from stripe_simulator.errors import DOCS, StripeError
from stripe_simulator.objects import payments
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.transaction import Transaction, public

APPROVED, CHALLENGE = "approved", "challenge"
FAILED_AUTHENTICATION = "payment_intent_authentication_failure"
NOT_AUTHENTICATED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or"
    " a new PaymentMethod to attempt to fulfill this PaymentIntent again."
)


@dataclass(frozen=True)
class Verdict:
    """What the bank said; `decline` is None when it approved.

    `challenge`: it wants to see the holder first, and declines until then.
    """

    decline: Decline | None = None
    challenge: bool = False


ASKS = Verdict(DECLINES["authentication_required"], challenge=True)


def verdict(
    tx: Transaction,
    *,
    customer: str | None,
    number: str,
    on_session: bool = True,
    set_up: bool = False,
    authenticated: bool = False,
) -> Verdict:
    """The answer for this charge: what was planned for the customer, else what the card does."""
    planned = next_plan(tx, customer) if customer and not authenticated else None
    if planned == APPROVED:
        return Verdict()
    if planned == CHALLENGE:
        return ASKS
    if planned:
        return Verdict(DECLINES[planned])
    card = CARDS[number]
    if not authenticated and card.wants_holder(on_session=on_session, set_up=set_up):
        return ASKS
    return Verdict(card.at_once or card.later)


def next_plan(tx: Transaction, customer: str) -> str | None:
    row = tx.db.execute(
        "SELECT seq, outcome FROM card_plans WHERE customer = ? AND remaining > 0"
        " ORDER BY seq LIMIT 1",
        (customer,),
    ).fetchone()
    if row is None:
        return None
    tx.db.execute("UPDATE card_plans SET remaining = remaining - 1 WHERE seq = ?", (row[0],))
    return str(row[1])


def create_intent(
    tx: Transaction,
    *,
    amount: int,
    currency: str,
    customer: str | None,
    description: str | None = None,
    metadata: Json | None = None,
    setup_future_usage: str | None = None,
    **settings: Any,
) -> Json:
    """`settings`: further members of the object."""
    id_ = tx.new_id("payment_intent")
    intent = payments.payment_intent(
        id_,
        amount=amount,
        currency=currency,
        customer=customer,
        secret=new_secret(f"{id_}_secret_"),
        now=tx.now,
    )
    intent["description"] = description
    intent["metadata"] = metadata or {}
    intent["setup_future_usage"] = setup_future_usage
    intent |= settings
    return tx.add(intent, "payment_intent.created")


def confirm(tx: Transaction, intent: Json, method: Json, answer: Verdict) -> Json:
    """Makes the charge and settles the intent; answers with the charge."""
    charge = payments.charge(
        tx.new_id("charge"), intent, method, decline=answer.decline, risk_score=23, now=tx.now
    )
    intent["latest_charge"] = charge["id"]
    intent["next_action"] = None
    if answer.decline:
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = payment_error(answer.decline, charge=charge, method=method)
        tx.add(charge, "charge.failed")
        tx.save(intent)
        tx.emit("payment_intent.payment_failed", intent)
        return charge
    charge["receipt_url"] = receipt_url(tx, charge["id"])
    intent |= {"last_payment_error": None, "payment_method": method["id"]}
    set_up(tx, intent, method)
    if intent["capture_method"] == "manual":
        return hold(tx, intent, charge)
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    charge["balance_transaction"] = balance.charged(tx, charge)
    tx.add(charge, "charge.succeeded")
    tx.publish(intent, "payment_intent.succeeded")
    if method["_number"] == disputes.DISPUTED:
        disputes.open_dispute(tx, charge)
    return charge


def hold(tx: Transaction, intent: Json, charge: Json) -> Json:
    """Approved, and to be captured within seven days."""
    charge |= {"captured": False, "amount_captured": 0}
    intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
    tx.add(charge, "charge.succeeded")
    tx.save(intent)
    tx.emit("payment_intent.amount_capturable_updated", intent)
    return charge


def set_up(tx: Transaction, intent: Json, method: Json) -> None:
    """A card that was used for future payments answers them without its holder."""
    if intent["setup_future_usage"] == "off_session" and not method.get("_set_up"):
        method["_set_up"] = True
        tx.save(method)


def payment_error(decline: Decline, *, charge: Json, method: Json) -> Json:
    error: Json = {
        "charge": charge["id"],
        "code": decline.code,
        "doc_url": DOCS + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error",
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
    if decline.advice_code:
        error["advice_code"] = decline.advice_code
    return error


def card_error(decline: Decline, **extra: object) -> StripeError:
    """402. The failed charge stays."""
    return StripeError(
        402,
        decline.message,
        type="card_error",
        code=decline.code,
        param=decline.param,
        decline_code=decline.decline_code,
        extra=dict(extra),
        keeps_changes=True,
    )
