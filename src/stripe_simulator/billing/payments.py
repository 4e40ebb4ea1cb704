"""Charging a card: one payment intent, one charge for every attempt."""

from dataclasses import dataclass

from stripe_simulator.billing.documents import receipt_url
from stripe_simulator.cards import CARDS, DECLINES, Decline
from stripe_simulator.errors import DOCS, StripeError
from stripe_simulator.objects import payments
from stripe_simulator.shapes import Json
from stripe_simulator.state.ids import new_secret
from stripe_simulator.state.transaction import Transaction, public

APPROVED = "approved"


@dataclass(frozen=True)
class Verdict:
    """What the bank said; `decline` is None when it approved."""

    decline: Decline | None = None


def verdict(tx: Transaction, *, customer: str | None, number: str) -> Verdict:
    """The answer for this charge: what was planned for the customer, else what the card does."""
    planned = next_plan(tx, customer) if customer else None
    if planned == APPROVED:
        return Verdict()
    if planned:
        return Verdict(DECLINES[planned])
    card = CARDS[number]
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
) -> Json:
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
    return tx.add(intent, "payment_intent.created")


def confirm(tx: Transaction, intent: Json, method: Json, answer: Verdict) -> Json:
    """Makes the charge and settles the intent; answers with the charge."""
    decline = answer.decline
    charge = payments.charge(
        tx.new_id("charge"), intent, method, decline=decline, risk_score=23, now=tx.now
    )
    intent["latest_charge"] = charge["id"]
    if decline:
        intent["status"] = "requires_payment_method"
        intent["last_payment_error"] = payment_error(decline, charge=charge, method=method)
        tx.add(charge, "charge.failed")
        tx.save(intent)
        tx.emit("payment_intent.payment_failed", intent)
        return charge
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "payment_method": method["id"],
    }
    charge["receipt_url"] = receipt_url(tx, charge["id"])
    tx.add(charge, "charge.succeeded")
    tx.save(intent)
    tx.emit("payment_intent.succeeded", intent)
    return charge


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
