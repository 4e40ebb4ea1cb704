from pydantic import BaseModel

from admit.billing.checkout.offers import Choice
from admit.core.errors import InvalidInput


class CheckoutForm(BaseModel):
    """As typed: anything is taken here, so that a refused form comes back with what it held."""

    price: str = ""
    quantity: str = "1"

    def checked(self) -> Choice:
        """Raises `InvalidInput`."""
        number = self.quantity.strip() or "1"
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise InvalidInput({"quantity": "Write a whole number, such as 1."})
        return Choice(self.price, int(number))
