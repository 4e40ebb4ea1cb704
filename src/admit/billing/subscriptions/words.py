"""What each state of a subscription is called, and what it means for the person."""

from collections.abc import Mapping

from admit.billing.changes.decisions import is_ending, is_paused
from admit.billing.subscriptions.models import Subscription

WORDS: Mapping[str, str] = {
    "incomplete": "Waiting for the first payment",
    "incomplete_expired": "Never paid",
    "trialing": "Trial",
    "active": "Active",
    "past_due": "Payment failed",
    "canceled": "Ended",
    "unpaid": "Unpaid",
    "paused": "Paused",
    "ending": "Ends soon",
    "changing": "Waiting for a payment",
    "free": "Free",
}


def state_of(row: Subscription) -> str:
    """A key of `WORDS`: Stripe's status, or what matters more to the person."""
    if row.status in {"active", "trialing"} and is_ending(row):
        return "ending"
    if row.status in {"active", "trialing"} and is_paused(row):
        return "paused"
    if row.status == "active" and row.pending_price_id is not None:
        return "changing"
    return row.status
