"""The hosted Checkout page's other half: what it shows and what its button does."""

from stripe_simulator.cards import CardDetails
from stripe_simulator.checkout.outcomes import (
    NOT_AUTHENTICATED,
    Challenged,
    Declined,
    NotOpen,
    Outcome,
    Paid,
    Reckoned,
    declined,
)
from stripe_simulator.checkout.payment import begin_and_tell, pay, pay_and_tell
from stripe_simulator.checkout.view import LineView, SessionView, TrialView, view_session

__all__ = [
    "NOT_AUTHENTICATED",
    "CardDetails",
    "Challenged",
    "Declined",
    "LineView",
    "NotOpen",
    "Outcome",
    "Paid",
    "Reckoned",
    "SessionView",
    "TrialView",
    "begin_and_tell",
    "declined",
    "pay",
    "pay_and_tell",
    "view_session",
]
