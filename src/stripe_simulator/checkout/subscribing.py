"""Sessions that begin a subscription, with a card or without."""

from typing import Any

from stripe_simulator.api.resources.invoice_item_fields import made
from stripe_simulator.billing import methods, payments, subscriptions
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CARDS, CardDetails
from stripe_simulator.checkout.buyer import bring_up_to_date, card_on_file, new_customer
from stripe_simulator.checkout.charging import asked
from stripe_simulator.checkout.completing import complete
from stripe_simulator.checkout.dues import trial_end
from stripe_simulator.checkout.taxes import is_automatic
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import switched

KEPT_SETTINGS = ("metadata", "default_tax_rates", "description", "trial_settings")


def subscribe(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    """The bank is asked first: a refusal leaves nothing behind."""
    known = tx.get(session["customer"]) if session["customer"] else None
    due = session["amount_total"]
    answer = asked(tx, known, card, authenticated) if due else consent(card, authenticated)
    if answer.decline:
        return answer
    customer = subscriber(tx, session, card)
    method = card_on_file(tx, session, card)
    method["_set_up"] = True
    methods.attach(tx, method, customer)
    begin(tx, session, customer, answer=answer, default_payment_method=method["id"])
    complete(tx, session, customer, card)
    return answer


def subscribe_without_card(tx: Transaction, session: Json, details: CardDetails) -> None:
    customer = subscriber(tx, session, details)
    begin(tx, session, customer)
    complete(tx, session, customer, details)


def subscriber(tx: Transaction, session: Json, card: CardDetails) -> Json:
    if not session["customer"]:
        return new_customer(tx, session, card)
    customer = tx.need("customer", session["customer"])
    bring_up_to_date(tx, session, customer, card)
    return customer


def begin(tx: Transaction, session: Json, customer: Json, **settings: Any) -> None:
    """What is bought once goes onto the first invoice, also when the subscription is on trial."""
    data, entries = session["_subscription_data"], session["_items"]
    once = [entry for entry in entries if entry["price"]["recurring"] is None]
    subscription, _ = subscriptions.start(
        tx,
        customer=customer,
        wanted=[
            subscriptions.Wanted(
                entry["price"], entry["quantity"], tax_rates=entry.get("tax_rates") or ()
            )
            for entry in entries
            if entry not in once
        ],
        trial_end=trial_end(session, tx.now),
        discounts=session.get("_discounts"),
        beginning=subscriptions.Beginning(
            extras=[extra(tx, session, entry, customer) for entry in once]
        ),
        automatic_tax=switched(on=is_automatic(session)),
        **settings,
        **{name: data[name] for name in KEPT_SETTINGS if data.get(name)},
    )
    session["subscription"] = subscription["id"]
    session["invoice"] = subscription["latest_invoice"]


def extra(tx: Transaction, session: Json, entry: Json, customer: Json) -> Json:
    asked: Json = {"price": entry["price"]["id"], "quantity": entry["quantity"]}
    asked["tax_rates"] = [rate["id"] for rate in entry.get("tax_rates") or ()]
    return made(tx, asked, customer=customer["id"], currency=session["currency"], path="line_items")


def consent(card: CardDetails, authenticated: bool) -> Verdict:
    """Nothing is charged now; a card may ask for its holder all the same."""
    asks = not authenticated and CARDS[card.digits].wants_holder(on_session=True, set_up=False)
    return payments.ASKS if asks else Verdict()
