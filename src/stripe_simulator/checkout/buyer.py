"""Who buys: the session's customer, one that Checkout makes, or a guest."""

from stripe_simulator.api.resources import tax_ids
from stripe_simulator.billing import methods
from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout import answers as told
from stripe_simulator.checkout import asking
from stripe_simulator.checkout.answers import Answers
from stripe_simulator.objects.customer import customer as customer_object
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def answers_of(session: Json) -> Answers:
    """What was typed with the attempt that is under way."""
    kept: Answers = session.get("_answers") or {}
    return kept


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
    answers = answers_of(session)
    params = {
        "address": told.address(answers, "billing"),
        "email": session["customer_email"] or card.email or None,
        "name": name_of(answers, card),
        "phone": told.phone(answers),
        "shipping": told.shipping(answers),
        **{f"{whose}_name": told.said(answers, f"{whose}_name") for whose in collected(session)},
    }
    id_ = tx.new_id("customer")
    built = customer_object(id_, params, invoice_prefix=id_[-8:].upper(), now=tx.now)
    customer = tx.add(built, "customer.created")
    keep_tax_id(tx, session, customer)
    return customer


def collected(session: Json) -> list[str]:
    """Whose names `name_collection` asked for."""
    return [whose for whose in asking.NAMES if asking.asks_for_name(session, whose)]


def name_of(answers: Answers, card: CardDetails) -> str | None:
    """A business that gives its name is known by it.

    docs.stripe.com/tax/checkout/tax-ids.
    """
    named = told.said(answers, "business_name") or told.said(answers, "individual_name")
    return named or card.name or None


def bring_up_to_date(
    tx: Transaction, session: Json, customer: Json | None, card: CardDetails
) -> None:
    """What `customer_update` lets this session write onto the customer it was made for."""
    if customer is None or not session["customer"]:
        return
    answers, allowed = answers_of(session), session.get("_customer_update") or {}
    news = {
        "address": told.address(answers, "billing"),
        "name": name_of(answers, card),
        "shipping": told.shipping(answers),
    }
    customer |= {name: new for name, new in news.items() if new and allowed.get(name) == "auto"}
    if told.phone(answers):
        customer["phone"] = told.phone(answers)
    tx.save(customer, "customer.updated")
    keep_tax_id(tx, session, customer)


def keep_tax_id(tx: Transaction, session: Json, customer: Json) -> None:
    """Once for each number, however many attempts it takes."""
    given = told.tax_id(answers_of(session))
    if given is None:
        return
    known = tx.find("tax_id", customer=customer["id"])
    if (given["type"], given["value"]) not in {(one["type"], one["value"]) for one in known}:
        tax_ids.make(tx, customer, given)


def card_on_file(tx: Transaction, session: Json, card: CardDetails) -> Json:
    """The card as a payment method, with the place and the phone that were typed beside it."""
    method, answers = methods.create(tx, card), answers_of(session)
    place = told.address(answers, "billing")
    if place:
        method["billing_details"]["address"] = place
    method["billing_details"]["phone"] = told.phone(answers)
    return tx.save(method)
