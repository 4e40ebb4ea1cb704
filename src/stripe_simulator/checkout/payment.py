"""The button of the hosted page: one session, paid at most once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from stripe_simulator.billing import challenges, methods, payments, setups, subscriptions
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CARDS, CardDetails, Decline, refusal
from stripe_simulator.checkout import discounts, view
from stripe_simulator.objects.checkout_session import customer_details
from stripe_simulator.objects.customer import customer as customer_object
from stripe_simulator.objects.customer import shipping
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


@dataclass(frozen=True)
class Challenged:
    """The bank wants to see the card's holder, at this address."""

    url: str


Outcome = Paid | Declined | NotOpen | Challenged
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method"
    " and try again.",
)


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
        return closed(session, tx.now) or attempted(tx, session, card, authenticated=False)


def closed(session: Json, now: int) -> NotOpen | None:
    state = view.status(session, now)
    if state == "complete":
        return NotOpen(state, view.success_url(session))
    return NotOpen(state, session["cancel_url"]) if state == "expired" else None


def attempted(
    tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool
) -> Paid | Declined | Challenged:
    answer = attempt(tx, session, card, authenticated=authenticated)
    if answer.challenge:
        session["_challenge"] = asdict(card)
        tx.save(session)
        return Challenged(challenges.page_of(tx, session["id"]))
    return declined(answer.decline) if answer.decline else Paid(view.success_url(session))


def answer_challenge(tx: Transaction, session: Json, *, approved: bool) -> Outcome | None:
    """What the bank's page says: the payment goes on, or the form is shown again."""
    kept = session.get("_challenge")
    over = closed(session, tx.now)
    if kept is None or over:
        return over
    session["_challenge"] = None
    if approved:
        return attempted(tx, session, CardDetails(**kept), authenticated=True)
    intent = tx.get(session.get("_payment_intent") or "", "payment_intent")
    if intent:
        challenges.failed(tx, intent)
    setup = tx.get(session.get("_setup_intent") or "", "setup_intent")
    if setup:
        setups.not_authenticated(tx, setup)
    tx.save(session)
    return declined(NOT_AUTHENTICATED)


def declined(decline: Decline) -> Declined:
    return Declined(decline.code, decline.decline_code, decline.message, decline.param)


def attempt(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    refused = refusal(card, now=tx.now)
    if refused and (session["mode"] != "payment" or not asks_bank(refused)):
        return Verdict(refused)
    if session["mode"] == "subscription":
        return subscribe(tx, session, card, authenticated=authenticated)
    if session["mode"] == "setup":
        return save_card(tx, session, card, authenticated=authenticated)
    return pay_once(tx, session, card, refused, authenticated=authenticated)


def asks_bank(refused: Decline) -> bool:
    """A wrong entry is seen at once; only what the bank said leaves a failed charge."""
    return refused.decline_code not in (None, "test_mode_live_card")


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
        discounts.redeem_once(tx, session, customer["id"] if customer else None)
        complete(tx, session, customer, card)
        return Verdict()
    intent = intent_of(tx, session, customer)
    method = methods.create(tx, card)
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
    discounts.redeem_once(tx, session, customer["id"] if customer else None)
    complete(tx, session, customer, card)
    return answer


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
        setup_future_usage=data.get("setup_future_usage"),
        shipping=shipping(data.get("shipping")),
    )
    session["_payment_intent"] = intent["id"]
    return intent


def save_card(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    """Nothing is charged: a setup intent keeps the card for later."""
    customer = customer_of(tx, session, card)
    intent = setup_of(tx, session, customer)
    method = methods.create(tx, card)
    refused = setups.confirm(
        tx, intent, method, return_url=session["url"], authenticated=authenticated
    )
    if refused:
        tx.save(session)
        return Verdict(refused)
    if intent["status"] == "requires_action":
        return payments.ASKS
    session["setup_intent"] = intent["id"]
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


def subscribe(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    """The bank is asked first: a refusal leaves nothing behind."""
    known = tx.get(session["customer"]) if session["customer"] else None
    due = session["amount_total"]
    answer = asked(tx, known, card, authenticated) if due else consent(card, authenticated)
    if answer.decline:
        return answer
    customer = known or new_customer(tx, session, card)
    method = methods.create(tx, card)
    method["_set_up"] = True
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
        discounts=session.get("_discounts"),
        **{name: data[name] for name in KEPT_SETTINGS if data.get(name)},
    )
    session["subscription"] = subscription["id"]
    session["invoice"] = subscription["latest_invoice"]
    complete(tx, session, customer, card)
    return answer


def consent(card: CardDetails, authenticated: bool) -> Verdict:
    """Nothing is charged now; a card may ask for its holder all the same."""
    asks = not authenticated and CARDS[card.digits].wants_holder(on_session=True, set_up=False)
    return payments.ASKS if asks else Verdict()


def asked(
    tx: Transaction, customer: Json | None, card: CardDetails, authenticated: bool
) -> Verdict:
    return payments.verdict(
        tx,
        customer=customer["id"] if customer else None,
        number=card.digits,
        authenticated=authenticated,
    )


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
