"""The private calls of the hosted page's own script, which the official CLI makes to complete one.

They are in no reference and no SDK: `stripe trigger checkout.session.completed` needs them.
"""

from stripe_simulator.api import parameters as p
from stripe_simulator.api.operations import get, post
from stripe_simulator.billing import methods
from stripe_simulator.billing.payments import card_error
from stripe_simulator.cards import DECLINES, CardDetails, Decline
from stripe_simulator.checkout import outcomes, payment
from stripe_simulator.errors import StripeError, invalid
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def retrieve(tx: Transaction, params: Json, id_: str) -> Json:
    del params
    return tx.need("checkout.session", id_)


def confirm(tx: Transaction, params: Json, id_: str) -> Json:
    """Presses the page's button with a payment method. Errors: 402 when the card is refused."""
    session = tx.need("checkout.session", id_)
    if outcomes.closed(session, tx.now):
        raise invalid(f"This Checkout Session is {session['status']}.")
    expected = params.get("expected_amount")
    if expected is not None and expected != (session["amount_total"] or 0):
        raise invalid(
            f"The expected amount is {expected}, the session's is {session['amount_total']}.",
            param="expected_amount",
            code="checkout_amount_mismatch",
        )
    method = methods.named(tx, params["payment_method"], param="payment_method")
    outcome = payment.attempted(tx, session, card_of(method), authenticated=False)
    if isinstance(outcome, outcomes.Declined):
        raise card_error(
            Decline(outcome.code, outcome.message, outcome.decline_code, outcome.param)
        )
    if isinstance(outcome, outcomes.Challenged):
        raise needs_holder()
    return session


def card_of(method: Json) -> CardDetails:
    card, details = method["card"], method["billing_details"]
    number = method["_number"]
    return CardDetails(
        number=number,
        exp_month=card["exp_month"],
        exp_year=card["exp_year"],
        cvc="1234" if number.startswith("37") else "123",
        name=details["name"] or "",
        email=details["email"] or "",
    )


def needs_holder() -> StripeError:
    return card_error(DECLINES["authentication_required"])


OPERATIONS = (
    get("/v1/payment_pages/{id}", retrieve),
    post(
        "/v1/payment_pages/{id}/confirm",
        confirm,
        {"payment_method": p.filled, "expected_amount": p.whole},
        "payment_method",
    ),
)
