"""Sessions that charge once, or only save a card."""

from stripe_simulator.billing import challenges, methods, payments, setups
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CardDetails, Decline
from stripe_simulator.checkout import answers as told
from stripe_simulator.checkout import discounts
from stripe_simulator.checkout.buyer import (
    answers_of,
    bring_up_to_date,
    card_on_file,
    customer_of,
)
from stripe_simulator.checkout.completing import complete
from stripe_simulator.objects.customer import shipping
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def asks_bank(refused: Decline) -> bool:
    """A wrong entry is seen at once; only what the bank said leaves a failed charge."""
    return refused.decline_code not in (None, "test_mode_live_card")


def asked(
    tx: Transaction, customer: Json | None, card: CardDetails, authenticated: bool
) -> Verdict:
    return payments.verdict(
        tx,
        customer=customer["id"] if customer else None,
        number=card.digits,
        authenticated=authenticated,
    )


def pay_once(
    tx: Transaction,
    session: Json,
    card: CardDetails,
    refused: Decline | None,
    *,
    authenticated: bool,
) -> Verdict:
    """One payment intent for the session, whatever number of attempts it takes."""
    customer = customer_of(tx, session, card)
    if session["amount_total"] == 0:
        finish(tx, session, customer, card)
        return Verdict()
    intent = intent_of(tx, session, customer)
    method = card_on_file(tx, session, card)
    answer = Verdict(refused) if refused else asked(tx, customer, card, authenticated)
    if answer.challenge:
        challenges.ask(tx, intent, method, return_url=session["url"])
        return answer
    payments.confirm(tx, intent, method, answer)
    if answer.decline:
        tx.save(session)
        return answer
    if customer and intent["setup_future_usage"]:
        methods.attach(tx, method, customer)
    session["payment_intent"] = intent["id"]
    finish(tx, session, customer, card)
    return answer


def finish(tx: Transaction, session: Json, customer: Json | None, card: CardDetails) -> None:
    bring_up_to_date(tx, session, customer, card)
    discounts.redeem_once(tx, session, customer["id"] if customer else None)
    complete(tx, session, customer, card)


def intent_of(tx: Transaction, session: Json, customer: Json | None) -> Json:
    delivery = told.shipping(answers_of(session))
    if session.get("_payment_intent"):
        intent = tx.need("payment_intent", session["_payment_intent"])
        # Since the last attempt a code was typed, or a quantity, or an address.
        intent["amount"] = session["amount_total"]
        intent["shipping"] = shipping(delivery) or intent["shipping"]
        return tx.save(intent)
    data = session["_payment_intent_data"]
    intent = payments.create_intent(
        tx,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=customer["id"] if customer else None,
        description=data.get("description"),
        metadata=data.get("metadata"),
        setup_future_usage=data.get("setup_future_usage"),
        shipping=shipping(delivery or data.get("shipping")),
    )
    session["_payment_intent"] = intent["id"]
    return intent


def save_card(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    """Nothing is charged: a setup intent keeps the card for later."""
    customer = customer_of(tx, session, card)
    intent = setup_of(tx, session, customer)
    method = card_on_file(tx, session, card)
    refused = setups.confirm(
        tx, intent, method, return_url=session["url"], authenticated=authenticated
    )
    if refused:
        tx.save(session)
        return Verdict(refused)
    if intent["status"] == "requires_action":
        return payments.ASKS
    session["setup_intent"] = intent["id"]
    bring_up_to_date(tx, session, customer, card)
    complete(tx, session, customer, card)
    return Verdict()


def setup_of(tx: Transaction, session: Json, customer: Json | None) -> Json:
    if session.get("_setup_intent"):
        return tx.need("setup_intent", session["_setup_intent"])
    data = session["_setup_intent_data"]
    intent = setups.create(
        tx, customer=customer["id"] if customer else None, metadata=data.get("metadata", {})
    )
    intent["description"] = data.get("description")
    session["_setup_intent"] = intent["id"]
    return tx.save(intent)
