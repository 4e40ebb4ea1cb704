from dataclasses import dataclass

from pydantic import BaseModel, Field

from admit.core.errors import InvalidInput
from admit.core.money import minor_units

LONGEST_REASON = 500


@dataclass(frozen=True)
class RefundWish:
    amount: int | None
    reason: str


class RefundForm(BaseModel):
    """As typed; a refused form comes back with what it held."""

    email: str = ""
    ask: str = Field(default="", max_length=60)
    amount: str = ""
    reason: str = ""

    def checked(self, currency: str) -> RefundWish:
        """Raises `InvalidInput`. Without an amount all that is left goes back."""
        errors: dict[str, str] = {}
        amount = minor_units(self.amount, currency) if self.amount.strip() else None
        if self.amount.strip() and amount is None:
            errors["amount"] = f"Write an amount of {currency.upper()}, such as 5.00, or nothing."
        reason = " ".join(self.reason.split())
        if not 0 < len(reason) <= LONGEST_REASON:
            errors["reason"] = f"Say why, in at most {LONGEST_REASON} characters."
        if errors:
            raise InvalidInput(errors)
        return RefundWish(amount, reason)
