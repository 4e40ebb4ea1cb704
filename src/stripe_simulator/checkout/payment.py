"""The button of the hosted page: one session, paid at most once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from stripe_simulator.billing import challenges, setups
from stripe_simulator.billing.payments import Verdict
from stripe_simulator.cards import CardDetails, refusal
from stripe_simulator.checkout import discounts, taxes, view
from stripe_simulator.checkout.answers import NOTHING, Answers
from stripe_simulator.checkout.buyer import customer_of
from stripe_simulator.checkout.charging import asks_bank, finish, pay_once, save_card
from stripe_simulator.checkout.outcomes import (
    NOT_AUTHENTICATED,
    Challenged,
    Declined,
    Outcome,
    Paid,
    Reckoned,
    closed,
    declined,
)
from stripe_simulator.checkout.subscribing import subscribe, subscribe_without_card
from stripe_simulator.shapes import Json
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

if TYPE_CHECKING:
    from stripe_simulator.simulator import Simulator

WAITS_FOR_WEBHOOK = 10.0


async def pay_and_tell(
    simulator: Simulator, session_id: str, *, card: CardDetails, answers: Answers = NOTHING
) -> Outcome | Reckoned | None:
    """Pays, and gives the webhook endpoint ten seconds to answer, as Stripe's page does."""
    return await tell(simulator, pay(simulator.store, session_id, card=card, answers=answers))


async def begin_and_tell(
    simulator: Simulator, session_id: str, *, email: str, answers: Answers = NOTHING
) -> Outcome | Reckoned | None:
    """As `pay_and_tell`, without a card. None when there is no session that allows it."""
    return await tell(simulator, begin(simulator.store, session_id, email=email, answers=answers))


async def tell(
    simulator: Simulator, outcome: Outcome | Reckoned | None
) -> Outcome | Reckoned | None:
    if isinstance(outcome, Paid):
        await simulator.deliveries.told("checkout.session.completed", timeout=WAITS_FOR_WEBHOOK)
    return outcome


def pay(
    store: Store, session_id: str, *, card: CardDetails, answers: Answers = NOTHING
) -> Outcome | Reckoned | None:
    """None when there is no such session."""

    def press(tx: Transaction, session: Json) -> Outcome:
        return attempted(tx, session, card, authenticated=False)

    return pressed(store, session_id, answers, press)


def begin(
    store: Store, session_id: str, *, email: str, answers: Answers = NOTHING
) -> Outcome | Reckoned | None:
    """Nothing is due, and a card is asked for only when required."""
    nobody = CardDetails("", exp_month=0, exp_year=0, cvc="", email=email, country="")

    def press(tx: Transaction, session: Json) -> Outcome | None:
        if view.needs_card(session):
            return None
        if session["mode"] == "subscription":
            subscribe_without_card(tx, session, nobody)
        else:
            finish(tx, session, customer_of(tx, session, nobody), nobody)
        return Paid(view.success_url(session))

    return pressed(store, session_id, answers, press)


def pressed(
    store: Store,
    session_id: str,
    answers: Answers,
    press: Callable[[Transaction, Json], Outcome | None],
) -> Outcome | Reckoned | None:
    with store.writing() as tx:
        session = tx.get(session_id, "checkout.session")
        if session is None:
            return None
        over = closed(session, tx.now)
        if over:
            return over
        session["_answers"] = dict(answers)
        changed = reckoned_again(tx, session)
        return changed or press(tx, session)


def reckoned_again(tx: Transaction, session: Json) -> Reckoned | None:
    """With the taxes of the place that was typed; None when the total is what was shown."""
    if not taxes.is_automatic(session) or not session["_items"]:
        return None
    before = session["amount_total"]
    discounts.reckon(tx, session)
    tx.save(session)
    return Reckoned(session["amount_total"]) if session["amount_total"] != before else None


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


def attempt(tx: Transaction, session: Json, card: CardDetails, *, authenticated: bool) -> Verdict:
    refused = refusal(card, now=tx.now)
    if refused and (session["mode"] != "payment" or not asks_bank(refused)):
        return Verdict(refused)
    if session["mode"] == "subscription":
        return subscribe(tx, session, card, authenticated=authenticated)
    if session["mode"] == "setup":
        return save_card(tx, session, card, authenticated=authenticated)
    return pay_once(tx, session, card, refused, authenticated=authenticated)
