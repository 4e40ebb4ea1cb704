from pydantic import BaseModel

from admit.accounts.address import Address, address
from admit.accounts.models import User
from admit.core.errors import InvalidInput


class EmailForm(BaseModel):
    email: str = ""

    def checked(self, user: User) -> Address:
        """Raises `InvalidInput` when it is no address, or the one that they have."""
        found = address(self.email)
        if found is None:
            raise InvalidInput({"email": "Enter an e-mail address like name@example.com."})
        if found.key == user.email_key:
            raise InvalidInput({"email": "That is your address already. Enter the new one."})
        return found
