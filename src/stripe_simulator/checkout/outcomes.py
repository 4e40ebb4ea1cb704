"""What comes of pressing the hosted page's button."""

from dataclasses import dataclass

from stripe_simulator.cards import Decline
from stripe_simulator.checkout import view
from stripe_simulator.shapes import Json


@dataclass(frozen=True)
class Paid:
    redirect_url: str


@dataclass(frozen=True)
class Declined:
    """The session stays open. `param` is the field to blame: number, exp_month, exp_year, cvc."""

    code: str
    decline_code: str | None
    message: str
    param: str | None


@dataclass(frozen=True)
class NotOpen:
    """Complete (with the success page) or expired (with the page to go back to)."""

    status: str
    redirect_url: str | None


@dataclass(frozen=True)
class Challenged:
    """The bank wants to see the card's holder, at this address."""

    url: str


@dataclass(frozen=True)
class Reckoned:
    """The taxes of the place that was just named changed the total: it is to be looked at first."""

    total: int


Outcome = Paid | Declined | NotOpen | Challenged
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment method"
    " and try again.",
)


def declined(decline: Decline) -> Declined:
    return Declined(decline.code, decline.decline_code, decline.message, decline.param)


def closed(session: Json, now: int) -> NotOpen | None:
    state = view.status(session, now)
    if state == "complete":
        return NotOpen(state, view.success_url(session))
    return NotOpen(state, session["cancel_url"]) if state == "expired" else None
