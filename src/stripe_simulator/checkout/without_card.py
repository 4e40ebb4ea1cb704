"""A session that needs no card: nothing is due, and cards are asked for only when required."""

from stripe_simulator.billing import subscriptions
from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout import payment, view
from stripe_simulator.shapes import Json
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction


async def begin_and_tell(
    simulator: Simulator, session_id: str, *, email: str
) -> payment.Outcome | None:
    """As `pay_and_tell`, without a card. None when there is no session that allows it."""
    outcome = begin(simulator.store, session_id, email=email)
    if isinstance(outcome, payment.Paid):
        await simulator.deliveries.told(
            "checkout.session.completed", timeout=payment.WAITS_FOR_WEBHOOK
        )
    return outcome


def begin(store: Store, session_id: str, *, email: str) -> payment.Outcome | None:
    with store.writing() as tx:
        session = tx.get(session_id, "checkout.session")
        if session is None or view.needs_card(session):
            return None
        over = payment.closed(session, tx.now)
        if over:
            return over
        subscribe(tx, session, nobody(email))
        return payment.Paid(view.success_url(session))


def nobody(email: str) -> CardDetails:
    return CardDetails("", exp_month=0, exp_year=0, cvc="", email=email, country="")


def subscribe(tx: Transaction, session: Json, details: CardDetails) -> None:
    known = tx.get(session["customer"]) if session["customer"] else None
    customer = known or payment.new_customer(tx, session, details)
    data = session["_subscription_data"]
    subscription, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=[
            subscriptions.Wanted(entry["price"], entry["quantity"]) for entry in session["_items"]
        ],
        trial_end=view.trial_end(session, tx.now),
        discounts=session.get("_discounts"),
        **{name: data[name] for name in payment.KEPT_SETTINGS if data.get(name)},
    )
    session["subscription"] = subscription["id"]
    session["invoice"] = subscription["latest_invoice"]
    payment.complete(tx, session, customer, details)
