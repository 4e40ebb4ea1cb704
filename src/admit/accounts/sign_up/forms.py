from dataclasses import dataclass, replace

from pydantic import BaseModel, Field

from admit.accounts.address import Address, address
from admit.accounts.password import rules
from admit.accounts.sign_up import names
from admit.core.config import Settings
from admit.core.errors import InvalidInput


@dataclass(frozen=True)
class Newcomer:
    address: Address
    first_name: str
    last_name: str
    password: str
    newsletter: bool = False


class PersonFields(BaseModel):
    """As typed: anything is taken here, so that a refused form comes back with what it held."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    password: str = Field(default="", repr=False)

    def shown_again(self) -> dict[str, str]:
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "email": self.email,
        }

    def checked(self, settings: Settings) -> Newcomer:
        """Raises `InvalidInput` with a sentence for each field that needs another look."""
        first_name, last_name = names.tidy(self.first_name), names.tidy(self.last_name)
        found = address(self.email)
        about = rules.About(
            site_name=settings.admit_site_name,
            email=found.email if found else self.email,
            first_name=first_name,
            last_name=last_name,
        )
        problems = {
            "first_name": names.problem_with(first_name, which="first name"),
            "last_name": names.problem_with(last_name, which="last name"),
            "email": None if found else "Enter an e-mail address like name@example.com.",
            "password": rules.problem_with(
                self.password, about=about, shortest=settings.password_min_length
            ),
        }
        errors = {field: sentence for field, sentence in problems.items() if sentence}
        if errors or found is None:
            raise InvalidInput(errors)
        return Newcomer(found, first_name, last_name, self.password)


class SignUpForm(PersonFields):
    next: str = ""
    plan: str = ""
    newsletter: str = ""

    def shown_again(self) -> dict[str, str]:
        return {**super().shown_again(), "newsletter": self.newsletter}

    def checked(self, settings: Settings) -> Newcomer:
        return replace(super().checked(settings), newsletter=bool(self.newsletter))
