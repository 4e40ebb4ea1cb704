"""The codes of grants in the words of the person they are about."""

from collections.abc import Mapping
from typing import Final

from admit.access.decision import Basis, Decision, Reason, Status
from admit.access.holding import NOT_INCLUDED

SOURCES: Final[Mapping[str, str]] = {
    "subscription": "Subscription",
    "purchase": "Purchase",
    "staff": "Staff",
    "stripe_entitlement": "Stripe",
}
"""What kind of thing grants."""

BASES: Final[Mapping[str, str]] = {
    Basis.paid: "paid for",
    Basis.trial: "on trial",
    Basis.grace: "open for some days more while a payment is overdue",
    Basis.ended: "ended",
    "active": "active at Stripe",
}

ENDS: Final[Mapping[str, str]] = {
    NOT_INCLUDED: "it is no longer included",
    "not_active": "Stripe no longer calls it active",
    Status.canceled: "the subscription had ended",
    Status.incomplete: "the first payment was missing",
    Status.incomplete_expired: "the first payment never came",
    Status.past_due: "a payment was overdue for too long",
    Status.unpaid: "a payment was given up",
    Status.paused: "the subscription is paused",
    Status.active: "what had been paid was over, or given back",
    Status.trialing: "the trial was over",
}

REFUSALS: Final[Mapping[Reason, str]] = {
    Reason.granted: "Open",
    Reason.never_granted: "Never opened",
    Reason.starts_later: "Opens later",
    Reason.revoked: "Closed",
    Reason.expired: "Over",
}


def reason_in_words(reason: str) -> str:
    """Of a grant; what staff wrote stands as it is."""
    return BASES.get(reason, reason)


def ended_because(reason: str) -> str:
    return ENDS.get(reason, reason).rstrip(".")


def in_a_word(decision: Decision) -> str:
    return REFUSALS[decision.reason]
