"""Money is whole minor units and a currency, never a fraction."""

from dataclasses import dataclass
from typing import NewType

Cents = NewType("Cents", int)
"""The currency's smallest unit: cents, but whole yen."""


@dataclass(frozen=True)
class Money:
    amount: Cents
    currency: str
    """ISO 4217 in lower case, as Stripe writes it."""
