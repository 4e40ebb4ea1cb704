from pydantic import BaseModel, Field

from admit.accounts.address import Address, address
from admit.accounts.password import rules
from admit.core.errors import InvalidInput


class SignInForm(BaseModel):
    email: str = ""
    password: str = Field(default="", repr=False)
    next: str = ""

    def shown_again(self) -> dict[str, str]:
        return {"email": self.email}

    def checked(self) -> Address:
        """Raises `InvalidInput` for what cannot be anybody's address or password."""
        found = address(self.email)
        errors = {}
        if found is None:
            errors["email"] = "Enter an e-mail address like name@example.com."
        if not self.password:
            errors["password"] = "Enter your password."  # noqa: S105 - a sentence
        elif not rules.fits(self.password):
            errors["password"] = f"A password has {rules.LONGEST_IN_BYTES} bytes at most."
        if errors or found is None:
            raise InvalidInput(errors)
        return found
