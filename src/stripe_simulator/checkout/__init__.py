"""The hosted Checkout page's other half: what it shows and what its button does."""

from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout.payment import (
    Challenged,
    Declined,
    NotOpen,
    Paid,
    pay,
    pay_and_tell,
)
from stripe_simulator.checkout.view import LineView, SessionView, TrialView, view_session

__all__ = [
    "CardDetails",
    "Challenged",
    "Declined",
    "LineView",
    "NotOpen",
    "Paid",
    "SessionView",
    "TrialView",
    "pay",
    "pay_and_tell",
    "view_session",
]
