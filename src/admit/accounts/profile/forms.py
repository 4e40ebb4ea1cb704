from dataclasses import dataclass

from pydantic import BaseModel

from admit.accounts.profile import handles, places
from admit.accounts.sign_up import names
from admit.core.errors import InvalidInput


@dataclass(frozen=True)
class Wishes:
    """What a person wants their profile to be, as far as it can be."""

    first_name: str
    last_name: str
    display_name: str | None
    handle: str | None
    time_zone: str | None
    locale: str | None
    newsletter: bool


class ProfileForm(BaseModel):
    """As typed: anything is taken here, so that a refused form comes back with what it held."""

    first_name: str = ""
    last_name: str = ""
    display_name: str = ""
    handle: str = ""
    time_zone: str = ""
    locale: str = ""
    newsletter: str = ""

    def checked(self) -> Wishes:
        """Raises `InvalidInput` with a sentence for each field that needs another look."""
        first_name, last_name = names.tidy(self.first_name), names.tidy(self.last_name)
        display_name, handle = names.tidy(self.display_name), self.handle.strip().removeprefix("@")
        problems = {
            "first_name": names.problem_with(first_name, which="first name"),
            "last_name": names.problem_with(last_name, which="last name"),
            "display_name": display_name and names.problem_with(display_name, which="display name"),
            "handle": handle and handles.problem_with(handle),
            "time_zone": self._problem_with_time_zone(),
            "locale": self._problem_with_locale(),
        }
        if errors := {field: sentence for field, sentence in problems.items() if sentence}:
            raise InvalidInput(errors)
        return Wishes(
            first_name=first_name,
            last_name=last_name,
            display_name=display_name or None,
            handle=handle or None,
            time_zone=self.time_zone or None,
            locale=self.locale or None,
            newsletter=bool(self.newsletter),
        )

    def _problem_with_time_zone(self) -> str | None:
        known = not self.time_zone or places.is_time_zone(self.time_zone)
        return None if known else "Choose a time zone from the list."

    def _problem_with_locale(self) -> str | None:
        known = not self.locale or self.locale in places.LOCALES
        return None if known else "Choose a language and region from the list."
