from pydantic import BaseModel, Field

from admit.accounts.address import Address, address
from admit.accounts.models import User
from admit.accounts.password.breaches import LEAKED, Breaches
from admit.accounts.password.rules import LONGEST_IN_BYTES, About, fits, problem_with
from admit.core.config import Settings
from admit.core.errors import InvalidInput


class ForgottenForm(BaseModel):
    email: str = ""

    def checked(self) -> Address:
        """Raises `InvalidInput` when it is no address."""
        found = address(self.email)
        if found is None:
            raise InvalidInput({"email": "Enter an e-mail address like name@example.com."})
        return found


class NewPasswordForm(BaseModel):
    password: str = Field(default="", repr=False)


class ChangeForm(NewPasswordForm):
    current_password: str = Field(default="", repr=False)

    def problem_with_current(self) -> dict[str, str]:
        if not self.current_password:
            return {"current_password": "Enter your current password."}
        if not fits(self.current_password):
            return {"current_password": f"A password has {LONGEST_IN_BYTES} bytes at most."}
        return {}


class TypedForm(BaseModel):
    """What has been typed so far into any form that asks for a new password."""

    password: str = Field(default="", repr=False)
    email: str = ""
    first_name: str = ""
    last_name: str = ""


async def problem_with_new(
    password: str, about: About, *, settings: Settings, breaches: Breaches
) -> dict[str, str]:
    """The rules of this house, then the leaks of others; empty when it is fine."""
    problem = problem_with(password, about=about, shortest=settings.password_min_length)
    if problem is None and await breaches.holds(password):
        problem = LEAKED
    return {"password": problem} if problem else {}


def about_user(user: User, settings: Settings) -> About:
    return About(
        site_name=settings.admit_site_name,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
    )
