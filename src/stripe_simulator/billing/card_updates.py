"""The bank gave somebody another card, and its network told Stripe.

docs.stripe.com/saving-cards#automatic-card-updates: the payment method keeps its id and shows the
new expiry, or the new number; `payment_method.automatically_updated` is sent.
"""

from stripe_simulator.cards import CardDetails
from stripe_simulator.objects.payments import card_facts
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction

YEARS = 3
"""How much longer a card is good that comes in place of another."""


def replace(
    tx: Transaction,
    method: Json,
    *,
    number: str | None = None,
    exp_month: int | None = None,
    exp_year: int | None = None,
) -> Json:
    """`number`: one of the test cards; None for the same card with another expiry."""
    known = method["card"]
    card = CardDetails(
        number=number or method["_number"],
        exp_month=exp_month or known["exp_month"],
        exp_year=exp_year or known["exp_year"] + YEARS,
        cvc="",
    )
    method["card"] = known | card_facts(card) | {"checks": known["checks"]}
    method["_number"] = card.digits
    return tx.save(method, "payment_method.automatically_updated")
