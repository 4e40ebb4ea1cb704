"""Where Stripe lists everything of an account, and in which order it is read.

Invoices and what was paid for them come before subscriptions: once those are written, what they
open is decided by all of it.
"""

from collections.abc import Mapping
from typing import Any, Final

from admit.billing.reconciliation.kinds import MIRRORS
from admit.billing.reconciliation.mirrors import Listing

CUSTOMERS: Final = "customer"
LISTS: Final[Mapping[str, Listing]] = {
    CUSTOMERS: Listing("/v1/customers"),
    "invoice": Listing("/v1/invoices"),
    "charge": Listing("/v1/charges"),
    "refund": Listing("/v1/refunds"),
    "dispute": Listing("/v1/disputes"),
    "subscription_schedule": Listing("/v1/subscription_schedules"),
    "subscription": Listing("/v1/subscriptions", {"status": "all"}),
}

READ_IN_THE_SAME_RUN: Final = frozenset({"charge"})
"""Whose parts need no question: the refunds, disputes and invoices of a charge come anyway."""


def asked_of(kind: str) -> dict[str, Any]:
    """The parameters of a page: what is expanded in the object is expanded in its list."""
    asked: dict[str, Any] = {"limit": 100, **LISTS[kind].asked}
    expands = [f"data.{each}" for each in MIRRORS[kind].expands]
    return {**asked, "expand": expands} if expands else asked
