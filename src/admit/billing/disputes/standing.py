"""What a dispute's status at Stripe means
(https://docs.stripe.com/api/disputes/object#dispute_object-status).
"""

from typing import Final

INQUIRIES: Final = frozenset({"warning_needs_response", "warning_under_review"})
"""The bank asks before it takes; the money is still ours."""
WITHHELD: Final = frozenset({"needs_response", "under_review"})
LOST: Final = frozenset({"lost", "appeal_needs_response", "appeal_under_review"})
"""An appeal may bring the money back; until then it is gone."""


def is_open(status: str) -> bool:
    return status in INQUIRIES or status in WITHHELD


def withholds(status: str) -> bool:
    return status in WITHHELD


def is_lost(status: str) -> bool:
    return status in LOST
