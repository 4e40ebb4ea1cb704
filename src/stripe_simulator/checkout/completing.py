"""A session is complete: what it says from then on."""

from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout import answers as told
from stripe_simulator.checkout import asking
from stripe_simulator.checkout.answers import Answers
from stripe_simulator.checkout.buyer import answers_of, name_of
from stripe_simulator.objects.checkout_session import customer_details
from stripe_simulator.objects.payments import billing_details
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def complete(tx: Transaction, session: Json, customer: Json | None, card: CardDetails) -> None:
    tx.unschedule("checkout.expire", session["id"])
    known, answers = customer or {}, answers_of(session)
    session |= {
        "status": "complete",
        "url": None,
        "payment_status": "paid" if session["amount_total"] else "no_payment_required",
        "customer": known.get("id"),
        "customer_details": details(session, known, answers, card),
        "collected_information": collected(session, answers),
        "consent": consent(session, answers),
    }
    for field in session["custom_fields"]:
        field[field["type"]]["value"] = told.said(answers, f"custom_{field['key']}")
    tx.save(session)
    tx.emit("checkout.session.completed", session)


def details(session: Json, known: Json, answers: Answers, card: CardDetails) -> Json:
    given = told.tax_id(answers)
    built = customer_details(
        email=known.get("email") or session["customer_email"] or card.email or None,
        name=name_of(answers, card) or known.get("name"),
        address=told.address(answers, "billing") or billing_details(card)["address"],
    )
    return built | {
        **names(session, answers),
        "phone": told.phone(answers) or known.get("phone"),
        "tax_ids": [given] if given else [],
    }


def collected(session: Json, answers: Answers) -> Json | None:
    if not (asking.delivers_to(session) or session.get("name_collection")):
        return None
    delivery = told.shipping(answers) if asking.delivers_to(session) else None
    where = {name: delivery[name] for name in ("address", "name")} if delivery else None
    return {**names(session, answers), "shipping_details": where}


def names(session: Json, answers: Answers) -> Json:
    """What `name_collection` asked for."""
    return {
        f"{whose}_name": told.said(answers, f"{whose}_name")
        if asking.asks_for_name(session, whose)
        else None
        for whose in asking.NAMES
    }


def consent(session: Json, answers: Answers) -> Json | None:
    """None when nobody was asked."""
    wanted, offered = asking.wants_agreement(session), asking.offers_promotions(session)
    if not (wanted or offered):
        return None
    opted = "opt_in" if told.agreed(answers, "promotions") else "opt_out"
    accepted = wanted and told.agreed(answers, "terms")
    return {
        "promotions": opted if offered else None,
        "terms_of_service": "accepted" if accepted else None,
    }
