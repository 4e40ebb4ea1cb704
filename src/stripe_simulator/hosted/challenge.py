"""The bank's page of 3-D Secure: who is asked for what, and what follows from the answer."""

from dataclasses import dataclass
from urllib.parse import urlencode

from stripe_simulator.billing import challenges, payments, renewals, seller, setups
from stripe_simulator.billing.methods import attach
from stripe_simulator.checkout import outcomes
from stripe_simulator.checkout import payment as checkout
from stripe_simulator.hosted.invoice import keep
from stripe_simulator.shapes import Json
from stripe_simulator.simulator import Simulator
from stripe_simulator.state.store import Store
from stripe_simulator.state.transaction import Transaction

KINDS = ("checkout.session", "payment_intent", "setup_intent")


@dataclass(frozen=True)
class ChallengeView:
    """`amount` in minor units; None when a card is only saved."""

    id: str
    merchant: str
    amount: int | None
    currency: str
    last4: str
    leads_to: str | None


def view_challenge(store: Store, id_: str) -> ChallengeView | None:
    """None when nobody is asked for anything under this id."""
    tx = store.reading()
    subject = pending(tx, id_)
    if subject is None:
        return None
    return ChallengeView(
        id=id_,
        merchant=seller.name(tx),
        amount=subject.get("amount") or subject.get("amount_total"),
        currency=subject.get("currency") or "eur",
        last4=last4_of(tx, subject),
        leads_to=subject.get("success_url") or subject.get("_return_url"),
    )


def pending(tx: Transaction, id_: str) -> Json | None:
    subject = tx.get(id_)
    if subject is None or subject["object"] not in KINDS:
        return None
    if subject["object"] == "checkout.session":
        return subject if subject.get("_challenge") else None
    return subject if subject["status"] == "requires_action" else None


def last4_of(tx: Transaction, subject: Json) -> str:
    if subject["object"] == "checkout.session":
        return str(subject["_challenge"]["number"])[-4:]
    method = tx.need("payment_method", subject["payment_method"])
    return str(method["card"]["last4"])


async def answer_and_tell(simulator: Simulator, id_: str, *, approved: bool) -> str | None:
    """Where to go on; None when there is nothing to answer. A paid session is told first."""
    url, paid = answer(simulator.store, id_, approved=approved)
    if paid:
        patience = checkout.WAITS_FOR_WEBHOOK
        await simulator.deliveries.told("checkout.session.completed", timeout=patience)
    return url


def answer(store: Store, id_: str, *, approved: bool) -> tuple[str | None, bool]:
    """The address to go on to, and whether a Checkout session was completed."""
    with store.writing() as tx:
        subject = pending(tx, id_)
        if subject is None:
            return None, False
        if subject["object"] == "checkout.session":
            return answer_session(tx, subject, approved=approved)
        if subject["object"] == "setup_intent":
            return answer_setup(tx, subject, approved=approved), False
        return answer_payment(tx, subject, approved=approved), False


def answer_session(tx: Transaction, session: Json, *, approved: bool) -> tuple[str | None, bool]:
    outcome = checkout.answer_challenge(tx, session, approved=approved)
    page = f"{tx.base_url}/c/pay/{session['id']}"
    match outcome:
        case outcomes.Paid(redirect_url=url):
            return url, True
        case outcomes.Declined(code=code, decline_code=decline_code):
            return f"{page}?{urlencode({'problem': decline_code or code})}", False
        case _:
            return page, False


def answer_setup(tx: Transaction, intent: Json, *, approved: bool) -> str:
    if approved:
        setups.succeed(tx, intent, tx.need("payment_method", intent["payment_method"]))
    else:
        setups.not_authenticated(tx, intent)
    return back(tx, intent, "setup_intent")


def answer_payment(tx: Transaction, intent: Json, *, approved: bool) -> str:
    links = tx.find("invoice_payment", payment_intent=intent["id"])
    invoice = tx.need("invoice", links[0]["invoice"]) if links else None
    method = tx.need("payment_method", intent["payment_method"])
    if not approved:
        challenges.failed(tx, intent)
        if invoice:
            tx.emit("invoice.payment_failed", invoice)
        return back(tx, intent, "payment_intent")
    answer = payments.verdict(
        tx, customer=intent["customer"], number=method["_number"], authenticated=True
    )
    if invoice:
        result = renewals.attempt(tx, invoice, method=method, retry=False, answer=answer)
        if result.decline is None:
            keep(tx, invoice, method)
    else:
        payments.confirm(tx, intent, method, answer)
        if intent["customer"] and intent["setup_future_usage"] and not answer.decline:
            attach(tx, method, tx.need("customer", intent["customer"]))
    return back(tx, intent, "payment_intent")


def back(tx: Transaction, intent: Json, name: str) -> str:
    """The return address, told what came of it; without one, the simulator's front door."""
    address = intent.get("_return_url") or f"{tx.base_url}/c/3ds/{intent['id']}/done"
    if "/i/in_" in address:
        problem = (intent.get("last_payment_error") or {}).get("decline_code")
        failed = "authentication" if intent["status"] == "requires_payment_method" else None
        told = {"problem": problem or failed} if problem or failed else {}
    else:
        succeeded = intent["status"] in ("succeeded", "requires_capture")
        told = {
            name: intent["id"],
            f"{name}_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if succeeded else "failed",
        }
    if not told:
        return str(address)
    return f"{address}{'&' if '?' in address else '?'}{urlencode(told)}"
