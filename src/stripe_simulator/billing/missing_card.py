"""A trial that ends while there is no card to charge: `trial_settings` say what follows.

docs.stripe.com/billing/subscriptions/trials#create-free-trials-without-payment.
"""

from stripe_simulator.billing import methods, pausing, standing
from stripe_simulator.shapes import Json
from stripe_simulator.state.transaction import Transaction


def stops(tx: Transaction, subscription: Json, customer: Json) -> bool:
    """Whether it was canceled or paused; it goes on where an invoice is to be made."""
    if subscription["status"] != "trialing":
        return False
    if methods.default_method(tx, subscription, customer) is not None:
        return False
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if behavior == "cancel":
        standing.end(tx, subscription)
    elif behavior == "pause":
        pausing.stop(tx, subscription, why="trial_end_without_payment_method")
    return bool(behavior != "create_invoice")
