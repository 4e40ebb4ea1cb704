"""The button of the hosted page: one session, paid at most once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stripe_simulator.billing import methods, payments, subscriptions
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CardDetails, Decline, refusal
from stripe_simulator.checkout import view
from stripe_simulator.objects.checkout_session import customer_details
from stripe_simulator.objects.customer import customer as customer_object
from stripe_simulator.objects.payments import billing_details
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

if TYPE_CHECKING:
    from stripe_simulator.simulator import Simulator

WAITS_FOR_WEBHOOK = 10.0
KEPT_SETTINGS = ("metadata", "description", "trial_settings")


@dataclass(frozen=True)
class Paid:
    redirect_url: str


@dataclass(frozen=True)
class Declined:
    """The session stays open. `param` is the field to blame: number, exp_month, exp_year, cvc."""

    code: str
    decline_code: str | None
    message: str
    param: str | None


@dataclass(frozen=True)
class NotOpen:
    """Complete (with the success page) or expired (with the page to go back to)."""

    status: str
    redirect_url: str | None


Outcome = Paid | Declined | NotOpen


async def pay_and_tell(
    simulator: Simulator, session_id: str, *, card: CardDetails
) -> Outcome | None:
    """Pays, and gives the webhook endpoint ten seconds to answer, as Stripe's page does."""
    outcome = pay(simulator.store, session_id, card=card)
    if isinstance(outcome, Paid):
        await simulator.deliveries.told("checkout.session.completed", timeout=WAITS_FOR_WEBHOOK)
    return outcome


def pay(store: Store, session_id: str, *, card: CardDetails) -> Outcome | None:
    """None when there is no such session."""
    with store.writing() as tx:
        session = tx.get(session_id, "checkout.session")
        if session is None:
            return None
        state = view.status(session, tx.now)
        if state == "complete":
            return NotOpen(state, view.success_url(session))
        if state == "expired":
            return NotOpen(state, session["cancel_url"])
        decline = attempt(tx, session, card)
        return declined(decline) if decline else Paid(view.success_url(session))


def declined(decline: Decline) -> Declined:
    return Declined(decline.code, decline.decline_code, decline.message, decline.param)


def attempt(tx: Transaction, session: Json, card: CardDetails) -> Decline | None:
    refused = refusal(card, now=tx.now)
    if refused and (session["mode"] == "subscription" or not asks_bank(refused)):
        return refused
    if session["mode"] == "subscription":
        return subscribe(tx, session, card)
    return pay_once(tx, session, card, refused)


def asks_bank(refused: Decline) -> bool:
    """A wrong entry is seen at once; only what the bank said leaves a failed charge."""
    return refused.decline_code not in (None, "test_mode_live_card")


def pay_once(
    tx: Transaction, session: Json, card: CardDetails, refused: Decline | None
) -> Decline | None:
    """One payment intent for the session, whatever number of attempts it takes."""
    customer = customer_of(tx, session, card)
    method = methods.create(tx, card)
    intent = intent_of(tx, session, customer)
    answer = Verdict(refused) if refused else asked(tx, customer, card)
    payments.confirm(tx, intent, method, answer)
    if answer.decline:
        tx.save(session)
        return answer.decline
    session["payment_intent"] = intent["id"]
    complete(tx, session, customer, card)
    return None


def intent_of(tx: Transaction, session: Json, customer: Json | None) -> Json:
    if session.get("_payment_intent"):
        return tx.need("payment_intent", session["_payment_intent"])
    data = session["_payment_intent_data"]
    intent = payments.create_intent(
        tx,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=customer["id"] if customer else None,
        description=data.get("description"),
        metadata=data.get("metadata"),
    )
    session["_payment_intent"] = intent["id"]
    return intent


def subscribe(tx: Transaction, session: Json, card: CardDetails) -> Decline | None:
    """The bank is asked first: a refusal leaves nothing behind."""
    known = tx.get(session["customer"]) if session["customer"] else None
    answer = asked(tx, known, card) if session["amount_total"] else Verdict()
    if answer.decline:
        return answer.decline
    customer = known or new_customer(tx, session, card)
    method = methods.create(tx, card)
    methods.attach(tx, method, customer)
    data = session["_subscription_data"]
    subscription, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=[
            subscriptions.Wanted(entry["price"], entry["quantity"]) for entry in session["_items"]
        ],
        trial_end=view.trial_end(session, tx.now),
        answer=answer,
        default_payment_method=method["id"],
        **{name: data[name] for name in KEPT_SETTINGS if data.get(name)},
    )
    session["subscription"] = subscription["id"]
    session["invoice"] = subscription["latest_invoice"]
    complete(tx, session, customer, card)
    return None


def asked(tx: Transaction, customer: Json | None, card: CardDetails) -> Verdict:
    return payments.verdict(tx, customer=customer["id"] if customer else None, number=card.digits)


def customer_of(tx: Transaction, session: Json, card: CardDetails) -> Json | None:
    """The session's customer, or the one that Checkout makes for it, once; or a guest."""
    id_ = session["customer"] or session.get("_customer")
    if id_:
        return tx.get(id_)
    if session["customer_creation"] != "always":
        return None
    customer = new_customer(tx, session, card)
    session["_customer"] = customer["id"]
    return customer


def new_customer(tx: Transaction, session: Json, card: CardDetails) -> Json:
    params = {"email": session["customer_email"] or card.email or None, "name": card.name or None}
    id_ = tx.new_id("customer")
    built = customer_object(id_, params, invoice_prefix=id_[-8:].upper(), now=tx.now)
    return tx.add(built, "customer.created")


def complete(tx: Transaction, session: Json, customer: Json | None, card: CardDetails) -> None:
    tx.unschedule("checkout.expire", session["id"])
    known = customer or {}
    email = known.get("email") or session["customer_email"] or card.email or None
    session |= {
        "status": "complete",
        "url": None,
        "payment_status": "paid" if session["amount_total"] else "no_payment_required",
        "customer": known.get("id"),
        "customer_details": customer_details(
            email=email,
            name=card.name or known.get("name"),
            address=billing_details(card)["address"],
        ),
    }
    tx.save(session)
    tx.emit("checkout.session.completed", session)
