"""Automatic tax of a new Checkout Session."""

from stripe_simulator.api.resources.tax_fields import automatic, check_automatic
from stripe_simulator.checkout.taxes import takes_typed_address
from stripe_simulator.errors import StripeError
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction
from stripe_simulator.tax.automatic import SELLER
from stripe_simulator.tax.location import INVALID, place_of

NO_PLACE = (
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid"
    " address to the Customer or set `customer_update[address]` to 'auto' to save the billing"
    " address entered in Checkout to the Customer."
)


def switch(tx: Transaction, session: Json, params: Json) -> None:
    """Errors: 400 without a head office, a tax behavior, or a place that can be known."""
    if not automatic(tx, params):
        return
    entries = session["_items"]
    by_hand = [rate for entry in entries for rate in entry["tax_rates"]]
    by_hand += session["_subscription_data"].get("default_tax_rates") or []
    found = [entry["price"] for entry in entries]
    check_automatic(tx, found, currency=session["currency"], by_hand=by_hand)
    if not takes_typed_address(session):
        check_customer(tx, tx.need("customer", session["customer"]))
    session["automatic_tax"] = {
        "enabled": True,
        "liability": dict(SELLER),
        "provider": "stripe",
        "status": "requires_location_inputs",
    }


def check_customer(tx: Transaction, customer: Json) -> None:
    if place_of(tx, customer) is None:
        raise StripeError(400, NO_PLACE, code=INVALID)
