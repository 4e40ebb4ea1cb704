"""What a refund's status at Stripe means (https://docs.stripe.com/refunds#failed-refunds)."""

from typing import Final

CAME_BACK: Final = frozenset({"failed", "canceled"})
"""The money is ours again, for good."""


def counts(status: str) -> bool:
    """Also one that is still on its way to the person."""
    return status not in CAME_BACK
