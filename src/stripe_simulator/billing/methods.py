"""Cards on file: made from what was typed or from a test token, attached, found again."""

from stripe_simulator.billing.payments import card_error
from stripe_simulator.cards import (
    CARDS,
    NOT_A_TEST_CARD,
    TOKENS,
    CardDetails,
    Decline,
    refusal,
)
from stripe_simulator.clock.periods import moment
from stripe_simulator.errors import invalid, missing_resource
from stripe_simulator.objects.payments import payment_method
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def token_card(token: str, *, now: int) -> CardDetails | None:
    """`pm_card_visa` and `tok_visa` are cards without being created."""
    for prefix in ("pm_card_", "tok_"):
        number = TOKENS.get(token.removeprefix(prefix)) if token.startswith(prefix) else None
        if number:
            cvc = "1234" if number.startswith("37") else "123"
            return CardDetails(number, exp_month=12, exp_year=moment(now).year + 1, cvc=cvc)
    return None


def create(tx: Transaction, card: CardDetails, *, metadata: Json | None = None) -> Json:
    return tx.add(payment_method(tx.new_id("payment_method"), card, now=tx.now, metadata=metadata))


def unknown(card: CardDetails) -> Decline | None:
    return None if card.digits in CARDS else NOT_A_TEST_CARD


def named(tx: Transaction, id_: str, *, param: str) -> Json:
    """The payment method with this id; a test token becomes a new one."""
    card = token_card(id_, now=tx.now)
    if card:
        return create(tx, card)
    method = tx.get(id_, "payment_method")
    if method is None:
        raise missing_resource("PaymentMethod", id_, param=param)
    return method


def attach(tx: Transaction, method: Json, customer: Json) -> Json:
    """Saves a card with its customer. Errors: 402 when the bank refuses, 400 when it is taken."""
    if method["customer"] == customer["id"]:
        return method
    if method["customer"]:
        raise invalid(
            "The payment method you provided has already been attached to a customer.",
            code="resource_already_exists",
        )
    decline = refused(method, now=tx.now)
    if decline:
        raise card_error(decline)
    method["customer"] = customer["id"]
    tx.save(method)
    tx.emit("payment_method.attached", method)
    return method


def refused(method: Json, *, now: int) -> Decline | None:
    card, number = method["card"], method["_number"]
    cvc = "1234" if number.startswith("37") else "123"
    return refusal(CardDetails(number, card["exp_month"], card["exp_year"], cvc), now=now)


def default_method(tx: Transaction, *owners: Json) -> Json | None:
    """The first default of invoice, subscription and customer, in this order."""
    for owner in owners:
        id_ = owner.get("default_payment_method") or owner.get("invoice_settings", {}).get(
            "default_payment_method"
        )
        method = tx.get(id_, "payment_method") if id_ else None
        if method:
            return method
    return None
